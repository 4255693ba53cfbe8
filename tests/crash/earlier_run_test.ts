/** Trainings whose folder holds a run already, or that go on from one elsewhere. */

import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { RUN_FILES } from "../../src/cli/run/run_file_names.ts";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { killAt, type Moment } from "./moment.ts";
import { assertWholeFiles, checkpointIn, resultsIn } from "./run_folder.ts";

const DATA = { train: 400, test: 100, side: 16 };
const OPTIONS = ["-T", "20", "-b", "8"];
const FOLDER = "T20_b8_adam_lr0.001";
const STARTED = /^Training on /gm;

async function run(...args: string[]): Promise<void> {
  const { code, stderr } = await runCli(args);
  assertEquals(code, 0, stderr);
}

const MOMENTS: Moment[] = [
  { line: STARTED, wait: 0 },
  { file: "events." },
  { file: RUN_FILES.metrics },
];

Deno.test({
  name: "a training that begins anew and is killed doesn't mix with the run before",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using data = await temporaryFolder();
    await using logs = await temporaryFolder();
    await writeTinyIdx(data.path, DATA);
    const args = ["train", "--dataset-dir", data.path, "--log-dir", logs.path, ...OPTIONS];
    const folder = join(logs.path, FOLDER);
    await run(...args, "-N", "4");
    const expected = await resultsIn(folder);
    for (const moment of MOMENTS) {
      await killAt(moment, [...args, "-N", "4"], logs.path);
      await assertWholeFiles(folder);
      await run(...args, "-N", "4", "--resume", "auto");
      assertEquals(await resultsIn(folder), expected, JSON.stringify(moment));
    }
  },
});

Deno.test({
  name: "a run that goes on in another folder takes all that it needs along",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using data = await temporaryFolder();
    await using logs = await temporaryFolder();
    await writeTinyIdx(data.path, DATA);
    const [first, other, used, whole] = ["first", "other", "used", "whole"]
      .map((name) => join(logs.path, name)) as [string, string, string, string];
    const args = ["train", "--dataset-dir", data.path, ...OPTIONS];
    await run(...args, "--log-dir", first, "-N", "3");
    const latest = join(first, FOLDER, RUN_FILES.latest);

    await run("train", "--resume", latest, "--log-dir", other);
    assertEquals(await resultsIn(join(other, FOLDER)), await resultsIn(join(first, FOLDER)));

    // There is a run of other data, of more epochs, in the folder.
    await using others = await temporaryFolder();
    await writeTinyIdx(others.path, { ...DATA, train: 320 });
    await run(...["train", "--dataset-dir", others.path, ...OPTIONS], "--log-dir", used, "-N", "6");
    const more = ["train", "--resume", latest, "--log-dir", used, "-N", "5"];
    await killAt({ line: STARTED, wait: 0 }, more, used);
    await run(...args, "--log-dir", used, "-N", "5", "--resume", "auto");
    await run(...args, "--log-dir", whole, "-N", "5");
    assertEquals(await resultsIn(join(used, FOLDER)), await resultsIn(join(whole, FOLDER)));

    // A checkpoint without any other file of its run.
    const alone = join(logs.path, "alone");
    await Deno.copyFile(latest, `${alone}.safetensors`);
    await run("train", "--resume", `${alone}.safetensors`, "--log-dir", alone, "-N", "4");
    await run(...args, "--log-dir", alone, "-N", "5", "--resume", "auto");
    const { state } = await checkpointIn(join(alone, FOLDER));
    assertEquals(state, (await checkpointIn(join(whole, FOLDER))).state);
  },
});
