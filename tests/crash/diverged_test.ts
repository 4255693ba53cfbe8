/** A training that diverges says so, and what it kept before is of use. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { RUN_FILES } from "../../src/cli/run/run_file_names.ts";
import { DivergedError } from "../../src/training/diverged_error.ts";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { assertError } from "./assert_error.ts";
import { assertWholeFiles, checkpointIn } from "./run_folder.ts";

const DIVERGED = /^error: Cannot go on training as the loss is \S+ in epoch 3, step \d+: /m;

Deno.test("a loss that is no number ends train; the checkpoint before it can be used", async () => {
  await using data = await temporaryFolder();
  await using logs = await temporaryFolder();
  await writeTinyIdx(data.path, { train: 160, test: 60, side: 8 });
  // The learning rate of epoch 3 is 2e38.
  const options = "-b 8 --neuron none --opt sgd --lr 2 --scheduler step --step-size 2 --gamma 1e38";
  const failed = await runCli([
    ...["train", "--dataset-dir", data.path, "--log-dir", logs.path, "-N", "5"],
    ...options.split(" "),
  ]);
  assertError(failed);
  assertMatch(failed.stderr, DIVERGED);
  assertStringIncludes(failed.stderr, ": the options are --lr and --warm-up\n");
  assertEquals(failed.stdout.match(/^Epoch \d/gm), ["Epoch 1", "Epoch 2"]);

  const [name] = await Array.fromAsync(Deno.readDir(logs.path), ({ name }) => name);
  const folder = join(logs.path, name!);
  assertEquals(await assertWholeFiles(folder), []);
  const latest = join(folder, RUN_FILES.latest);
  const { state } = await checkpointIn(folder);
  assertEquals([state.epoch, state.step], [2, 0]);
  for (const { data } of state.parameters.values()) {
    assertEquals(Array.from(data, Number).every(Number.isFinite), true);
  }

  const evaluated = await runCli(["evaluate", latest]);
  assertEquals(evaluated.code, 0, evaluated.stderr);
  const finished = await runCli(["train", "--resume", latest, "-N", "2"]);
  assertEquals(finished.code, 0, finished.stderr);
  const again = await runCli(["train", "--resume", latest]);
  assertError(again);
  assertStringIncludes(again.stderr, `Going on from ${latest}: after epoch 2\n`);
  assertMatch(again.stderr, DIVERGED);
  assertEquals((await checkpointIn(folder)).state, state);
});

Deno.test("weights that are no numbers end train, even if the loss is one; no checkpoint has them", async () => {
  await using data = await temporaryFolder();
  await using logs = await temporaryFolder();
  await writeTinyIdx(data.path, { train: 160, test: 60, side: 8 });
  const options = "-b 8 -T 8 --hidden 16 --encoder direct --opt sgd --lr 3e38 --momentum 0.9";
  const failed = await runCli([
    ...["train", "--dataset-dir", data.path, "--log-dir", logs.path, "-N", "2"],
    ...options.split(" "),
  ]);
  assertError(failed);
  assertMatch(
    failed.stderr,
    /^error: Cannot go on training as "layer\.\d+\.weight" has a parameter that is \S+ in epoch 1, step 20: /m,
  );
  assertStringIncludes(failed.stderr, ": the options are --lr, --warm-up and --alpha\n");
  assertEquals(failed.stdout, "");
  const [name] = await Array.fromAsync(Deno.readDir(logs.path), ({ name }) => name);
  const files = await Array.fromAsync(Deno.readDir(join(logs.path, name!)), ({ name }) => name);
  assertEquals(files.filter((name) => name.endsWith(".safetensors")), []);
});

Deno.test("a test loss that is no number ends train; no network is the best", async () => {
  await using data = await temporaryFolder();
  await using logs = await temporaryFolder();
  await writeTinyIdx(data.path, { train: 160, test: 60, side: 8 });
  // The epoch's only update ruins the weights after its loss is known.
  const options = "-b 160 --neuron none --opt sgd --lr 1e38 -N 1";
  const failed = await runCli([
    ...["train", "--dataset-dir", data.path, "--log-dir", logs.path],
    ...options.split(" "),
  ]);
  assertError(failed, "Cannot go on training as the test loss is ");
  assertEquals(failed.stdout, "");
  const [name] = await Array.fromAsync(Deno.readDir(logs.path), ({ name }) => name);
  const files = await Array.fromAsync(Deno.readDir(join(logs.path, name!)), ({ name }) => name);
  assertEquals(files.filter((name) => name.endsWith(".safetensors")), []);
});

Deno.test("the error has facts, and names no option of a command", () => {
  const error = new DivergedError(3, 7, "the loss is NaN", 0.5);
  const { epoch, step, what, learningRate, message } = error;
  assertEquals([epoch, step, what, learningRate], [3, 7, "the loss is NaN", 0.5]);
  assertEquals(/--\w/.test(message), false, message);
});
