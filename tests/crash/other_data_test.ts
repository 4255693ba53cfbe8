/** Trainings that go on, or begin anew, with another data set. */

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { RUN_FILES } from "../../src/cli/run/run_file_names.ts";
import { type EpochMetrics, stepsOf } from "../../src/cli/run/run_metrics.ts";
import { decodeEvents, decodeNpy } from "../../src/formats/mod.ts";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { assertError } from "./assert_error.ts";
import { namesIn } from "./run_folder.ts";

const FOLDER = "T4_b16_adam_lr0.001";
/** Steps of an epoch of either data set. */
const [MANY, FEW] = [6, 3];

/** Two data sets of different sizes, and a finished run of three epochs of the larger one. */
async function place(): Promise<
  AsyncDisposable & { small: string; large: string; logs: string; run: string }
> {
  const { path, ...disposable } = await temporaryFolder();
  const [large, small, logs] = ["large", "small", "logs"].map((name) => join(path, name)) as [
    string,
    string,
    string,
  ];
  for (const [folder, steps] of [[large, MANY], [small, FEW]] as const) {
    await Deno.mkdir(folder);
    await writeTinyIdx(folder, { train: 16 * steps, test: 12, side: 4 });
  }
  await train(large, logs, "-N", "3");
  return { ...disposable, small, large, logs, run: join(logs, FOLDER) };
}

async function train(data: string, logs: string, ...args: string[]): Promise<void> {
  const all = ["train", "--dataset-dir", data, "--log-dir", logs, "-T", "4", "-b", "16", ...args];
  const { code, stderr } = await runCli(all);
  assertEquals(code, 0, stderr);
}

const accuraciesIn = async (run: string) =>
  Array.from(
    decodeNpy(await Deno.readFile(join(run, RUN_FILES.trainAccuracies))).data,
    Number,
  );

/** The steps of TensorBoard's training accuracies, in the order of their files. */
async function stepsIn(run: string): Promise<number[]> {
  const names = (await namesIn(run)).filter((name) => name.includes(".tfevents."));
  const order = (name: string) => Number(name.split(".").at(-1));
  const events = await Array.fromAsync(
    names.sort((a, b) => order(a) - order(b)),
    async (name) => await decodeEvents(await Deno.readFile(join(run, name))),
  );
  return events.flat().filter(({ tag }) => tag === "train_batch_accuracy").map(({ step }) => step);
}

for (const what of ["steps in metrics.jsonl", "metrics.jsonl of version 0.1"]) {
  Deno.test(`a run goes on with fewer pictures and keeps its numbers: ${what}`, async () => {
    await using files = await place();
    const { small, large, logs, run } = files;
    const before = await accuraciesIn(run);
    assertEquals(before.length, 3 * MANY);
    if (what.endsWith("0.1")) {
      const path = join(run, RUN_FILES.metrics);
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, text.replaceAll(/"steps":\d+,/g, ""));
      assertNotEquals(await Deno.readTextFile(path), text);
    }
    await train(small, logs, "--resume", "auto", "-N", "5");
    const after = await accuraciesIn(run);
    assertEquals(after.length, 3 * MANY + 2 * FEW);
    assertEquals(after.slice(0, before.length), before);
    await train(large, logs, "--resume", "auto", "-N", "6");
    const last = await accuraciesIn(run);
    assertEquals(last.slice(0, after.length), after);
    const expected = 4 * MANY + 2 * FEW;
    assertEquals(last.length, expected);
    assertEquals(await stepsIn(run), Array.from({ length: expected }, (_, step) => step));
  });
}

Deno.test("epochs that don't say how many steps they had share what the others leave", () => {
  const line = (epoch: number, steps?: number) =>
    ({ epoch, ...steps === undefined ? {} : { steps } }) as EpochMetrics;
  assertEquals(stepsOf([line(1), line(2), line(3, 5)], 3, 25), 25);
  // The first two epochs have no line, as the run went on from a checkpoint alone.
  assertEquals(stepsOf([line(3), line(4, 3)], 4, 27), 11);
  assertEquals(stepsOf([], 4, 27), 0);
});

Deno.test("a call that fails before its first epoch leaves a finished run as it is", async () => {
  await using files = await place();
  const { small, logs, run } = files;
  const options = await Deno.readTextFile(join(run, RUN_FILES.options));
  const fewer = join(logs, "..", "fewer");
  await Deno.mkdir(fewer);
  await writeTinyIdx(fewer, { train: 8, test: 12, side: 4 });
  const args = ["train", "--log-dir", logs, "-T", "4", "-b", "16", "-N", "77", "--dataset-dir"];
  const failed = await runCli([...args, fewer]);
  assertError(failed, "a batch of 16 needs as many samples: there are 8");
  assertEquals(await Deno.readTextFile(join(run, RUN_FILES.options)), options);
  await train(small, logs, "-N", "2");
  const now = await Deno.readTextFile(join(run, RUN_FILES.options));
  assertStringIncludes(now, '"epochs": 2');
  assert(now.includes(small), now);
});

Deno.test("a training doesn't go on with pictures of another size, or more classes", async () => {
  await using files = await place();
  const { logs, run, small } = files;
  const other = join(logs, "..", "other");
  await Deno.mkdir(other);
  await writeTinyIdx(other, { train: 96, test: 12, side: 5 });
  const latest = join(run, RUN_FILES.latest);
  const resume = ["train", "--resume", latest, "-N", "4", "--dataset-dir"];
  const outcome = await runCli([...resume, other]);
  const cannot = (folder: string) =>
    `Cannot use "${latest}" with "${folder}" as it was trained for pictures of 4 x 4 and 3 classes`;
  assertError(outcome, `${cannot(other)}: they have 5 x 5 and 3`);
  // The device isn't looked for.
  assertEquals(outcome.stderr.split("\n").length, 2, outcome.stderr);

  const labels = join(small, "train-labels-idx1-ubyte");
  const bytes = await Deno.readFile(labels);
  await Deno.writeFile(labels, bytes.fill(3, -1));
  assertError(await runCli([...resume, small]), `${cannot(small)}: they have 4 x 4 and 4`);
  // Fewer classes are some of the network's.
  await Deno.writeFile(labels, bytes.map((byte, i) => i < 8 ? byte : byte % 2));
  const tests = join(small, "t10k-labels-idx1-ubyte");
  await Deno.writeFile(tests, (await Deno.readFile(tests)).map((b, i) => i < 8 ? b : b % 2));
  await train(small, logs, "--resume", "auto", "-N", "4");
});
