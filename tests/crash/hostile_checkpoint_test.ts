/** Checkpoints whose options were made to do harm. */

import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "node:path";
import { RUN_FILES } from "../../src/cli/run/run_file_names.ts";
import { type Checkpoint, encodeCheckpoint } from "../../src/training/checkpoint.ts";
import type { LayerJson } from "../../src/extend.ts";
import { runCliProcess } from "../support/cli_process.ts";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { assertError } from "./assert_error.ts";
import { checkpointIn, namesIn } from "./run_folder.ts";

const FOLDER = "T6_b8_adam_lr0.001";

/** A place with a run in it, and room around it that has to stay empty. */
async function place(): Promise<
  AsyncDisposable & { path: string; inner: string; run: string; checkpoint: Checkpoint }
> {
  const { path, ...disposable } = await temporaryFolder();
  const inner = join(path, "a", "b");
  const data = join(path, "a", "data");
  await Deno.mkdir(inner, { recursive: true });
  await Deno.mkdir(data);
  await writeTinyIdx(data, { train: 32, test: 12, side: 4 });
  const { code, stderr } = await runCli([
    ...["train", "--dataset-dir", data, "-T", "6", "-b", "8", "-N", "1"],
    ...["--log-dir", join(inner, "logs")],
  ]);
  assertEquals(code, 0, stderr);
  const run = join(inner, "logs", FOLDER);
  return { ...disposable, path, inner, run, checkpoint: await checkpointIn(run) };
}

/** The checkpoint with other options, as a file. */
function changed(checkpoint: Checkpoint, options: string): Uint8Array<ArrayBuffer> {
  // As JSON, where "__proto__" is a name like any other.
  const all = { ...checkpoint.options, ...JSON.parse(options) };
  return encodeCheckpoint({ ...checkpoint, options: all });
}

const HOSTILE: [options: string, message: string][] = [
  ['{"loss": "constructor"}', "--loss must be "],
  ['{"loss": "__proto__"}', "--loss must be "],
  ['{"surrogate": "toString"}', "--surrogate must be "],
  ['{"neuron": "constructor"}', "--neuron must be "],
  ['{"hidden": [1000000000]}', "--hidden must be "],
  ['{"hidden": [65536, 65536]}', "its options describe another network than it has"],
  ['{"network": "65536-3"}', "its options describe another network than it has"],
  ['{"network": "65536C63-65536C63-3"}', "its options describe another network than it has"],
  ['{"network": "MP5-3"}', "maps are 4 x 4 here"],
  ['{"network": "constructor"}', '"constructor" is no layer'],
  ['{"toString": 1}', 'there is no option "toString"'],
  ['{"timeSteps": 1e9}', "--timesteps must be "],
];

/** Networks in the place of a checkpoint's own. */
const HOSTILE_NETWORKS: [layers: LayerJson[], message: string][] = [
  [
    [{ kind: "Flatten" }, { kind: "Linear", inputs: 16, outputs: 1e9, bias: false }],
    'its network needs weights "layer.1.weight" of [1000000000, 16]: ',
  ],
  [
    [{
      kind: "Conv2d",
      inChannels: 1,
      outChannels: 65536,
      kernelSize: [63, 63],
      padding: [31, 31],
    }],
    'its network needs weights "layer.0.weight" of [65536, 1, 63, 63]: ',
  ],
  [[{ kind: "constructor" }], "its network can't be made: "],
  [[{ kind: "Linear", inputs: 5, outputs: 3 }], "its layers don't fit together: "],
  [[{ kind: "Flatten" }], "its options describe another network than it has"],
];

Deno.test("networks that were put into a checkpoint end each command with an error", async () => {
  await using files = await place();
  const { inner, run, checkpoint } = files;
  for (const [layers, message] of HOSTILE_NETWORKS) {
    const model = { ...checkpoint.model!, network: { kind: "Sequential", layers } };
    const bytes = encodeCheckpoint({ ...checkpoint, model });
    await Deno.writeFile(join(run, RUN_FILES.best), bytes);
    const file = join(inner, "net.safetensors");
    await Deno.writeFile(file, bytes);
    const train = ["train", "--resume", file, "--log-dir", join(inner, "logs")];
    for (const args of [train, ["evaluate", file], ["plot", run]]) {
      assertError(await runCli(args), message);
    }
  }
});

Deno.test("options that no command line can have end each command with an error", async () => {
  await using files = await place();
  const { path, inner, run, checkpoint } = files;
  const names = await namesIn(run);
  for (const [options, message] of HOSTILE) {
    const bytes = changed(checkpoint, options);
    await Deno.writeFile(join(run, RUN_FILES.best), bytes);
    const file = join(inner, "net.safetensors");
    await Deno.writeFile(file, bytes);
    const train = ["train", "--resume", file, "--log-dir", join(inner, "logs")];
    for (const args of [train, ["evaluate", file], ["plot", run]]) {
      assertError(await runCli(args), message);
    }
  }
  assertEquals(await namesIn(run), names);
  assertEquals(await namesIn(join(inner, "logs")), [FOLDER]);
  assertEquals(await namesIn(path), ["a"]);
});

Deno.test("a checkpoint doesn't say where files go", async () => {
  await using files = await place();
  const { path, inner, run, checkpoint } = files;
  const file = join(inner, "net.safetensors");
  const cases = [["../../x", file], [join(path, "x"), join(run, RUN_FILES.latest)]] as const;
  for (const [logDir, target] of cases) {
    await Deno.writeFile(target, changed(checkpoint, JSON.stringify({ logDir })));
    const { code, stderr } = await runCliProcess(["train", "--resume", target, "-N", "2"], {
      cwd: inner,
    });
    assertEquals(code, 0, stderr);
    assertEquals(await namesIn(path), ["a"]);
    assertEquals(await namesIn(dirname(inner)), ["b", "data"]);
    assertEquals(await namesIn(inner), ["logs", "net.safetensors"]);
    assertEquals(await namesIn(join(inner, "logs")), [FOLDER]);
  }
});

Deno.test("texts of a checkpoint are no code in the report", async () => {
  await using files = await place();
  const { inner, run, checkpoint } = files;
  const script = "<script>alert(1)</script>";
  const bytes = changed(checkpoint, JSON.stringify({ datasetDir: script, logDir: script }));
  await Deno.writeFile(join(run, RUN_FILES.best), bytes);
  const data = join(dirname(inner), "data");
  const { code, stderr } = await runCli(["plot", run, "--dataset-dir", data]);
  assertEquals(code, 0, stderr);
  const report = await Deno.readTextFile(join(run, "report.html"));
  assert(!report.includes("<script"), "the report has a script");
  assert(report.includes("&lt;script"), "the report doesn't show the option");
});
