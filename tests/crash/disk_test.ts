/** Folders that can't be written to, or no longer. */

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { assertError } from "./assert_error.ts";
import { assertWholeFiles, checkpointIn, namesIn, resultsIn } from "./run_folder.ts";

const DATA = { train: 160, test: 60, side: 16 };
const OPTIONS = ["-T", "20", "-b", "8"];
const FOLDER = "T20_b8_adam_lr0.001";

/** A file system in memory, gone at the end of the test; nothing where one can't be mounted. */
async function mount(
  path: string,
  options: string,
): Promise<AsyncDisposable & { remount(options: string): Promise<void> } | undefined> {
  const run = async (command: string, ...args: string[]): Promise<boolean> => {
    try {
      return (await new Deno.Command(command, { args, stderr: "null" }).output()).success;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  };
  if (!await run("mount", "-t", "tmpfs", "-o", options, "galvani-test", path)) return undefined;
  return {
    async remount(options) {
      assert(await run("mount", "-o", `remount,${options}`, path));
    },
    async [Symbol.asyncDispose]() {
      assert(await run("umount", path));
    },
  };
}

async function canMount(): Promise<boolean> {
  await using folder = await temporaryFolder();
  await using mounted = await mount(folder.path, "size=64k");
  return mounted !== undefined;
}

const ignore = !await canMount();

Deno.test({
  name: "a disk that gets full ends a training, whose last checkpoint goes on elsewhere",
  ignore,
  async fn() {
    await using data = await temporaryFolder();
    await using full = await temporaryFolder();
    await using others = await temporaryFolder();
    await writeTinyIdx(data.path, DATA);
    await using _ = (await mount(full.path, "size=96k"))!;
    const args = ["train", "--dataset-dir", data.path, ...OPTIONS];

    const failed = await runCli([...args, "-N", "100", "--log-dir", full.path]);
    const folder = join(full.path, FOLDER);
    assertError(failed, `Cannot write "${folder}/`, "No space left on device");
    assertEquals(await assertWholeFiles(folder), []);
    const { state } = await checkpointIn(folder);
    assert(state.epoch > 0 && state.epoch < 100, `${state.epoch} epochs`);
    assertEquals(failed.stdout.match(/^Epoch /gm)?.length, state.epoch);

    const epochs = ["-N", String(state.epoch + 2)];
    const latest = join(folder, "checkpoint_latest.safetensors");
    const rest = await runCli([
      ...["train", "--resume", latest, ...epochs],
      ...["--log-dir", join(others.path, "rest")],
    ]);
    assertEquals(rest.code, 0, rest.stderr);
    const whole = await runCli([...args, ...epochs, "--log-dir", join(others.path, "whole")]);
    assertEquals(whole.code, 0, whole.stderr);
    assertEquals(
      await resultsIn(join(others.path, "rest", FOLDER)),
      await resultsIn(join(others.path, "whole", FOLDER)),
    );
  },
});

Deno.test({
  name: "a read-only disk ends train before the first step",
  ignore,
  async fn() {
    await using data = await temporaryFolder();
    await using readOnly = await temporaryFolder();
    await writeTinyIdx(data.path, DATA);
    await using disk = (await mount(readOnly.path, "size=96k"))!;
    const args = ["train", "--dataset-dir", data.path, ...OPTIONS, "--log-dir", readOnly.path];
    const folder = join(readOnly.path, FOLDER);

    await disk.remount("ro");
    const none = await runCli(args);
    assertError(none, `Cannot create the folder "${folder}"`, "Read-only file system");

    await disk.remount("rw");
    await Deno.mkdir(folder);
    await disk.remount("ro");
    const there = await runCli(args);
    assertError(there, `Cannot write to the folder "${folder}"`, "Read-only file system");
    for (const { stdout, stderr } of [none, there]) {
      assertEquals(stdout, "");
      assert(!stderr.includes("Training on "), stderr);
    }
    assertEquals(await namesIn(folder), []);
  },
});

Deno.test("a log folder under a file ends train before the first step", async () => {
  await using data = await temporaryFolder();
  await writeTinyIdx(data.path, DATA);
  const file = join(data.path, "train-labels-idx1-ubyte");
  const bytes = await Deno.readFile(file);
  for (const logs of [file, join(file, "logs")]) {
    const args = ["train", "--dataset-dir", data.path, ...OPTIONS, "--log-dir", logs];
    const outcome = await runCli(args);
    assertError(outcome, `Cannot create the folder "${join(logs, FOLDER)}"`, "Not a directory");
    assertEquals(outcome.stdout, "");
    assert(!outcome.stderr.includes("Training on "), outcome.stderr);
  }
  assertEquals(await Deno.readFile(file), bytes);
});
