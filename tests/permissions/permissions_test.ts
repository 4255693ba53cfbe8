/** What the docs say that a command may do is enough for it, and no more than it needs. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { RUN_FILES } from "../../src/cli/run/run_file_names.ts";
import { assertError } from "../crash/assert_error.ts";
import { namesIn } from "../crash/run_folder.ts";
import { CliProcess, type Outcome, runCliProcess } from "../support/cli_process.ts";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { documentedFlags, filledIn, type Flag, weakened } from "./documented_flags.ts";

/** Whatever the flags: no questions, no network, not even for packages. */
const STRICT = ["--no-prompt", "--deny-net", "--cached-only"];
const DOWNLOAD = "train --download, besides";
const NO_DRIVER = "without a Vulkan driver, besides";
const FLAGS = documentedFlags(
  await Deno.readTextFile(new URL("../../docs/cli.md", import.meta.url)),
);
/** Without it, and without permission to set it, Mesa has much to say. */
const QUIET = { NODEVICE_SELECT: "1" };
const FOLDER = "T6_b8_adam_lr0.001";

/** A call for each row of the table that is a command, with the names that the table has for paths. */
const CALLS: Record<string, string> = {
  "train": "train --dataset-dir DATASET_DIR --log-dir LOG_DIR -T 6 -b 8 -N 2",
  "evaluate": "evaluate CHECKPOINT",
  "evaluate --costs": "evaluate CHECKPOINT --energy --costs COSTS",
  "classify": "classify CHECKPOINT",
  "classify --image": "classify CHECKPOINT --image IMAGE",
  "classify --plot-dir": "classify CHECKPOINT --plot-dir OUT_DIR",
  "plot": "plot RUN_DIR",
  "collect": "collect LOG_DIR",
  "export": "export CHECKPOINT OUT_DIR/weights.safetensors",
  "info": "info",
  "bench": "bench",
};

/** Paths by their names in the table. */
type Paths = Readonly<Record<string, string>>;

/** The arguments of a call. */
function argsOf(call: string, paths: Paths): string[] {
  return call.split(" ").map((word) => word.replace(/[A-Z_]{3,}/, (name) => paths[name] ?? name));
}

/** Deno's cache. */
async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

const DENO_DIR = await denoDir();

/** A run, made with all permissions, so that all packages are in Deno's cache; and its paths. */
async function place(): Promise<AsyncDisposable & { path: string; paths: Paths }> {
  const { path, ...disposable } = await temporaryFolder();
  const paths = {
    DATASET_DIR: join(path, "data"),
    LOG_DIR: join(path, "logs"),
    RUN_DIR: join(path, "logs", FOLDER),
    CHECKPOINT: join(path, "logs", FOLDER, RUN_FILES.best),
    IMAGE: join(path, "image.png"),
    COSTS: join(path, "costs.json"),
    OUT_DIR: join(path, "out"),
    NPM: join(DENO_DIR, "npm"),
    CACHE: join(path, "cache", "galvani"),
  };
  await Deno.writeTextFile(paths.COSTS, `{ "byte": 5 }`);
  for (const folder of [paths.DATASET_DIR, paths.OUT_DIR]) await Deno.mkdir(folder);
  await writeTinyIdx(paths.DATASET_DIR, { train: 32, test: 12, side: 8 });
  const { code, stderr } = await runCli(argsOf(CALLS["train"]!, paths));
  assertEquals(code, 0, stderr);
  await Deno.copyFile(join(paths.RUN_DIR, "input.png"), paths.IMAGE);
  return { ...disposable, path, paths };
}

/** Runs a command; `bench`, which takes long, only until it measures. */
async function run(args: string[], flags: string[], env: Record<string, string>): Promise<Outcome> {
  await using process = new CliProcess(args, { flags: [...STRICT, ...flags], env });
  if (args[0] !== "bench") return await process.outcome();
  await process.seen(/^Measuring /gm);
  process.kill("SIGKILL");
  const { code, signal, ...output } = await process.outcome();
  return { ...output, code: signal === "SIGKILL" ? 0 : code, signal: null };
}

async function hasDriver(): Promise<boolean> {
  const { stdout } = await runCli(["info"]);
  return !stdout.includes("embedded software driver");
}

const isInstalled = await hasDriver();
const canEmbed = Deno.build.target === "x86_64-unknown-linux-gnu";
/** The environment of a machine without a driver, and where nothing was unpacked yet. */
const withoutDriver = (CACHE: string) => ({
  VK_ICD_FILENAMES: "/nonexistent",
  VK_DRIVER_FILES: "/nonexistent",
  XDG_CACHE_HOME: join(CACHE, ".."),
  DENO_DIR,
});

Deno.test("the table of the docs has each command", () => {
  assertEquals([...FLAGS.keys()], [...Object.keys(CALLS), DOWNLOAD, "--json, besides", NO_DRIVER]);
});

Deno.test({
  name: "each command runs with the flags of the docs, and with none less",
  ignore: !isInstalled,
  async fn() {
    await using made = await place();
    const { paths } = made;
    for (const [row, call] of Object.entries(CALLS)) {
      const args = argsOf(call, paths);
      const flags = FLAGS.get(row)!;
      const { code, stderr } = await run(args, filledIn(flags, paths), QUIET);
      assertEquals(code, 0, `${row}: ${stderr}`);
      for (const fewer of weakened(flags)) {
        const less = filledIn(fewer, paths);
        const outcome = await run(args, less, QUIET);
        assertEquals(outcome.code, 1, `${row} runs with ${less.join(" ") || "no flags"}`);
        assertMatch(outcome.stderr, /^error: .*Requires \w+ access to /m);
        assertEquals(outcome.stdout, "", `${row} works in vain with ${less.join(" ")}`);
      }
    }
    const json = FLAGS.get("--json, besides")!;
    for (const row of ["evaluate", "collect", "info", "bench"]) {
      const args = argsOf(`${CALLS[row]} --json OUT_DIR/out.json`, paths);
      const both = merged(FLAGS.get(row)!, json);
      const { code, stderr } = await run(args, filledIn(both, paths), QUIET);
      assertEquals(code, 0, `${row} --json: ${stderr}`);
    }
  },
});

Deno.test({
  name: "without a Vulkan driver it takes the flags of the docs for that, and none less",
  ignore: !canEmbed,
  async fn() {
    await using made = await place();
    const { paths } = made;
    const env = withoutDriver(paths["CACHE"]!);
    // With all permissions, so that the driver's package is in Deno's cache.
    const { code, stderr } = await runCliProcess(["info"], { env });
    assertEquals(code, 0, stderr);
    await Deno.remove(paths["CACHE"]!, { recursive: true });
    const extra = FLAGS.get(NO_DRIVER)!;
    for (const row of ["info", "train", "evaluate"]) {
      const args = argsOf(CALLS[row]!, paths);
      const flags = filledIn(merged(FLAGS.get(row)!, extra), paths);
      const { code, stdout, stderr } = await run(args, flags, env);
      assertEquals(code, 0, `${row}: ${stderr}`);
      if (row === "info") assert(stdout.includes("embedded software driver"), stdout);
    }
    for (const fewer of weakened(extra)) {
      await Deno.remove(paths["CACHE"]!, { recursive: true });
      const { code } = await run(["info"], filledIn(fewer, paths), env);
      assertEquals(code, 1, `info runs with ${filledIn(fewer, paths).join(" ")}`);
      await Deno.mkdir(paths["CACHE"]!, { recursive: true });
    }
  },
});

Deno.test("train --download gets as far as the network with the flags of the docs for that", async () => {
  await using made = await temporaryFolder();
  const FASHION = join(made.path, "galvani", "fashion-mnist");
  const env = { ...QUIET, XDG_CACHE_HOME: made.path, DENO_DIR };
  const [net, others] = [true, false].map((isNet) =>
    FLAGS.get(DOWNLOAD)!.filter(({ name }) => (name === "--allow-net") === isNet)
  ) as [Flag[], Flag[]];
  const args = "train --dataset fashion-mnist --download".split(" ");
  const error = async (flags: readonly Flag[], ...parts: string[]) =>
    assertError(await run(args, filledIn(flags, { FASHION }), env), ...parts);
  await error(others, `error: Requires net access to "${net[0]!.values[0]}:80"`);
  for (const fewer of weakened(others)) {
    const [missing] = others.filter(({ name, values }) =>
      !fewer.some((flag) => flag.name === name && flag.values.join() === values.join())
    );
    await error(fewer, `equires ${missing!.name.replace("--allow-", "")} access to`);
  }
});

Deno.test({
  name: "train writes nothing outside of the folder that it may write to",
  ignore: !isInstalled,
  async fn() {
    await using made = await place();
    const { path, paths } = made;
    const outside = join(path, "outside");
    const args = argsOf(CALLS["train"]!, { ...paths, LOG_DIR: outside });
    const outcome = await run(args, filledIn(FLAGS.get("train")!, paths), QUIET);
    assertError(outcome, `Cannot create the folder "${join(outside, FOLDER)}"`, "write access");
    assertEquals(outcome.stdout, "");
    assertEquals(await namesIn(outside), []);
  },
});

/** The flags of two rows: those of one name become one. */
function merged(flags: readonly Flag[], others: readonly Flag[]): Flag[] {
  const all = [...flags, ...others];
  return [...new Set(all.map(({ name }) => name))].map((name) => {
    const same = all.filter((flag) => flag.name === name);
    const isForAll = same.some(({ values }) => values.length === 0);
    return { name, values: isForAll ? [] : [...new Set(same.flatMap(({ values }) => values))] };
  });
}
