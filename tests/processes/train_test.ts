/** The command `train` from without: its output, its files, its exit code. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { hint } from "../../src/cli/text/command_line.ts";
import { idxFile } from "../datasets/idx_file.ts";
import { CliProcess, type Outcome, runCliProcess } from "../support/cli_process.ts";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";

/** Options of a run that takes 20 steps an epoch, and the name of its folder. */
const SMALL = ["-T", "6", "-b", "2", "--lr", "5e-2"];
const FOLDER = "T6_b2_adam_lr0.05";

/** A line of `metrics.jsonl`. */
type Metrics = Record<string, number>;

/** Pictures of 6 x 5 with stripes that tell the class, one of 3, and a faint background. */
function part(count: number): { images: Uint8Array<ArrayBuffer>; labels: Uint8Array<ArrayBuffer> } {
  const labels = Array.from({ length: count }, (_, picture) => picture % 3);
  const pixels = labels.flatMap((label) =>
    Array.from({ length: 6 * 5 }, (_, pixel) => pixel % 3 === label ? 180 : 50)
  );
  return { images: idxFile([count, 6, 5], pixels), labels: idxFile([count], labels) };
}

/** Writes 40 pictures to train with and 20 to test with, but for the files that are given. */
async function writeDataset(
  folder: string,
  changes: Record<string, Uint8Array | undefined> = {},
): Promise<void> {
  const [train, test] = [part(40), part(20)];
  const files: Record<string, Uint8Array | undefined> = {
    "train-images-idx3-ubyte": train.images,
    "train-labels-idx1-ubyte": train.labels,
    "t10k-images-idx3-ubyte": test.images,
    "t10k-labels-idx1-ubyte": test.labels,
    ...changes,
  };
  for (const [name, bytes] of Object.entries(files)) {
    if (bytes) await Deno.writeFile(`${folder}/${name}`, bytes);
  }
}

/** The lines of a text that ends with its last line. */
function linesOf(text: string): string[] {
  assert(text === "" || text.endsWith("\n"), text);
  return text.split("\n").slice(0, -1);
}

async function readMetrics(logs: string, folder = FOLDER): Promise<Metrics[]> {
  const text = await Deno.readTextFile(`${logs}/${folder}/metrics.jsonl`);
  return linesOf(text).map((line) => JSON.parse(line));
}

const EPOCH_LINE = new RegExp(
  "^Epoch (\\d+)/(\\d+): " +
    "train loss (\\d\\.\\d{5}), accuracy (\\d+\\.\\d\\d) %; " +
    "test loss (\\d\\.\\d{5}), accuracy (\\d+\\.\\d\\d) %; " +
    "\\d+ images/s, (?:\\d+ min )?\\d+ s left$",
);
const BEST_LINE = /^Best test accuracy: (\d+\.\d\d) % \(epoch (\d+)\)$/;
const RATES_LINE = /^Firing rates of the first test picture: \[([01]\.\d\d(?: [01]\.\d\d)*)\]$/;

const NOTICE_LINE = /^No Vulkan driver was found, so the embedded SwiftShader is used\./;
const RESULT_LINE = /^(report|best network|test it|ask it|train on|TensorBoard) +\S/;
const PROGRESS_LINE = /^epoch \d+: \d+\/20, loss \d\.\d{5}, \d+\.\d %, \d+ images\/s, \d+ s left$/;

/** Asserts that standard output reports these epochs, then the best of them and firing rates. */
function assertReport(stdout: string, metrics: readonly Metrics[], epochs: number): void {
  const lines = linesOf(stdout);
  const rates = lines.pop();
  assertMatch(rates!, RATES_LINE);
  const values = RATES_LINE.exec(rates!)![1]!.split(" ").map(Number);
  assertEquals(values.length, 3);
  assert(values.every((rate) => rate <= 1), rates);
  assertEpochs(lines, metrics, epochs);
}

/** Asserts that lines report these epochs, then the best of them. */
function assertEpochs(lines: string[], metrics: readonly Metrics[], epochs: number): void {
  assertEquals(lines.length, metrics.length + 1, lines.join("\n"));
  const [best, ...reports] = lines.reverse();
  reports.reverse().forEach((line, i) => {
    const { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy } = metrics[i]!;
    assertMatch(line, EPOCH_LINE);
    assertEquals(EPOCH_LINE.exec(line)!.slice(1), [
      String(epoch),
      String(epochs),
      trainLoss!.toFixed(5),
      (100 * trainAccuracy!).toFixed(2),
      testLoss!.toFixed(5),
      (100 * testAccuracy!).toFixed(2),
    ]);
  });
  const accuracies = metrics.map(({ testAccuracy }) => testAccuracy!);
  const highest = Math.max(...accuracies);
  assertMatch(best!, BEST_LINE);
  assertEquals(BEST_LINE.exec(best!)!.slice(1), [
    (100 * highest).toFixed(2),
    String(metrics[accuracies.indexOf(highest)]!.epoch),
  ]);
}

/** Asserts that standard error names the run's folder, and returns the lines that follow. */
function assertStart(stderr: string, logs: string, folder = FOLDER): string[] {
  const lines = linesOf(stderr);
  if (NOTICE_LINE.test(lines[0] ?? "")) lines.shift();
  const start = lines.shift() ?? "";
  assertMatch(start, /^Training on .+; the run's files go to .+$/);
  assert(start.endsWith(`; the run's files go to ${join(logs, folder)}`), start);
  return lines;
}

/** Asserts that standard error shows progress, and at its end says where everything is. */
function assertFinished(stderr: string, logs: string, folder = FOLDER): void {
  const lines = assertStart(stderr, logs, folder);
  const results = lines.splice(-6);
  for (const line of results) assertMatch(line, RESULT_LINE);
  assert(results[0]!.endsWith(join(logs, folder, "report.html")), results[0]);
  for (const line of lines) assertMatch(line, PROGRESS_LINE);
}

/** The files of a finished run, those of TensorBoard by their epoch. */
async function filesOf(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return names.map((name) => name.replace(/tfevents\.\d+/, "tfevents")).sort();
}

const PLOTS = ["1d_spikes", "2d_heatmap", "accuracy", "confusion", "input", "weights"];
const FILES = [
  ".lock",
  ...PLOTS.flatMap((name) => [`${name}.png`, `${name}.svg`]),
  "args.json",
  "checkpoint_latest.safetensors",
  "checkpoint_max.safetensors",
  "metrics.jsonl",
  "report.html",
  "s_t_array.npy",
  "test_accs.npy",
  "train_accs.npy",
  "v_t_array.npy",
];
const eventFile = (epoch: number) => `events.out.tfevents.galvani.00000${epoch}`;

Deno.test("train reports its epochs, on standard output and in a file", async () => {
  await using data = await temporaryFolder();
  await using logs = await temporaryFolder();
  await writeDataset(data.path);
  const args = ["train", "--dataset-dir", data.path, ...SMALL];

  const first = await runCliProcess([...args, "-N", "3", "--log-dir", logs.path]);
  assertEquals(first.code, 0, first.stderr);
  assertEquals(await Array.fromAsync(Deno.readDir(logs.path), ({ name }) => name), [FOLDER]);
  const metrics = await readMetrics(logs.path);
  for (const line of metrics) {
    assertEquals(Object.keys(line), [
      "epoch",
      "steps",
      "trainLoss",
      "trainAccuracy",
      "testLoss",
      "testAccuracy",
      "seconds",
    ]);
    assert(Object.values(line).every((value) => Number.isFinite(value) && value >= 0));
    assert(line["trainAccuracy"]! <= 1 && line["testAccuracy"]! <= 1);
  }
  assertEquals(metrics.map(({ epoch }) => epoch), [1, 2, 3]);
  assertReport(first.stdout, metrics, 3);
  assertFinished(first.stderr, logs.path);
  const folder = join(logs.path, FOLDER);
  assertEquals(await filesOf(folder), [...FILES, ...[1, 2, 3].map(eventFile)].sort());

  const timeless = (lines: readonly Metrics[]) => lines.map((line) => ({ ...line, seconds: 0 }));
  const again = await runCli([...args, "-N", "3", "--log-dir", logs.path]);
  assertEquals(again.code, 0, again.stderr);
  assertEquals(timeless(await readMetrics(logs.path)), timeless(metrics));

  const other = await runCli([...args, "-N", "3", "--log-dir", logs.path, "--seed", "2"]);
  assertEquals(other.code, 0, other.stderr);
  const changed = await readMetrics(logs.path, `${FOLDER}_seed2`);
  assertEquals(changed.map(({ epoch }) => epoch), [1, 2, 3]);
  assertNotEquals(timeless(changed), timeless(metrics));
});

Deno.test("train with options of a network goes to a folder of its own", async () => {
  await using data = await temporaryFolder();
  await using logs = await temporaryFolder();
  await writeDataset(data.path);
  const args = ["-b", "2", "--lr", "5e-2", "-N", "2", "--log-dir", logs.path];
  const train = (...options: string[]) =>
    runCli(["train", "--dataset-dir", data.path, ...args, ...options]);

  const deep = await train("-T", "6", "--hidden", "9", "--encoder", "direct", "--no-decay-input");
  assertEquals(deep.code, 0, deep.stderr);
  const folder = `${FOLDER}_hidden9_encoderdirect_nodecayinput`;
  assertReport(deep.stdout, await readMetrics(logs.path, folder), 2);
  assertFinished(deep.stderr, logs.path, folder);

  const plain = await train("--neuron", "none");
  assertEquals(plain.code, 0, plain.stderr);
  const plainFolder = "T1_b2_adam_lr0.05_neuronnone";
  assertEpochs(linesOf(plain.stdout), await readMetrics(logs.path, plainFolder), 2);
  assertFinished(plain.stderr, logs.path, plainFolder);
  const spikeFiles = /^(1d_spikes|2d_heatmap|[sv]_t_array)\b/;
  assertEquals(
    await filesOf(join(logs.path, plainFolder)),
    [...FILES.filter((name) => !spikeFiles.test(name)), ...[1, 2].map(eventFile)].sort(),
  );
});

Deno.test({
  name: "an interrupt ends train, which says how to go on",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using data = await temporaryFolder();
    await using logs = await temporaryFolder();
    await writeDataset(data.path);
    await using child = new CliProcess(
      ["train", "--dataset-dir", data.path, ...SMALL, "-N", "2000", "--log-dir", logs.path],
    );
    await child.seen(/^Epoch 1\//gm);
    child.kill("SIGINT");
    const { code, signal, stdout, stderr } = await child.outcome();
    assertEquals([code, signal], [130, null], stderr);
    const metrics = await readMetrics(logs.path);
    assert(metrics.length > 0 && metrics.length < 2000);
    assertEquals(metrics.map(({ epoch }) => epoch), metrics.map((_, i) => i + 1));
    assertEpochs(linesOf(stdout), metrics, 2000);
    const progress = assertStart(stderr, logs.path);
    const latest = join(logs.path, FOLDER, "checkpoint_latest.safetensors");
    assertEquals(progress.pop(), `  ${hint("train", "--resume", latest)}`);
    assertMatch(progress.pop() ?? "", /^Interrupted\b/);
    for (const line of progress) assertMatch(line, PROGRESS_LINE);
  },
});

const WRONG_DATA: [what: string, bytes: Uint8Array | undefined, ...parts: string[]][] = [
  ["missing", undefined, "has none of "],
  ["truncated", part(20).images.subarray(0, -1), "is truncated", "20 x 6 x 5 = 600", "599"],
  ["no IDX", new TextEncoder().encode("<html>"), "starts with the bytes 3c 68 74 6d"],
];
for (const [what, bytes, ...parts] of WRONG_DATA) {
  Deno.test(`a data file that is ${what} ends train with a line that names it`, async () => {
    await using data = await temporaryFolder();
    await writeDataset(data.path, { "t10k-images-idx3-ubyte": bytes });
    const outcome = await runCli(["train", "--dataset-dir", data.path, "--log-dir", data.path]);
    assertEquals(outcome.code, 1);
    assertEquals(outcome.stdout, "");
    const [line, ...rest] = linesOf(outcome.stderr);
    assertEquals(rest, []);
    assert(line!.startsWith("error: Cannot "), line);
    for (const part of [data.path, "t10k-images-idx3-ubyte", ...parts]) {
      assertStringIncludes(line!, part);
    }
  });
}

const WRONG_ARGUMENTS: [args: string[], message: string][] = [
  [["train", "--epochs", "3"], "unknown option --epochs: did you mean --epoch?"],
  [
    ["train", "--lr", "fast"],
    'option --lr, --learning-rate must be a number greater than 0: given "fast"',
  ],
  [
    ["train", "-T", "10001"],
    'option -T, --timesteps must be an integer from 1 to 10000: given "10001"',
  ],
  [
    ["train", "--dataset-dir", "/nowhere", "--neuron", "none", "--hidden", "5"],
    "option --hidden needs spiking neurons: with --neuron none or li there is nothing between the " +
    "layers, so that they would be no more than one",
  ],
  [
    ["train", "--dataset-dir", "/nowhere", "--gpu", "nothing", "--alpha", "-1"],
    'option --alpha is out of range: Cannot create the surrogate "atan" as alpha must be a ' +
    "finite number above 0: current value is -1",
  ],
  [
    ["train", "--encoder", "dirct"],
    "option --encoder must be poisson, latency, weightedPhase, direct, columns or events: " +
    'given "dirct": did you mean direct?',
  ],
  [["trian"], 'unknown command "trian": did you mean train?'],
];
for (const [args, message] of WRONG_ARGUMENTS) {
  Deno.test(`${args.join(" ")} exits with 2 and one line`, async () => {
    assertEquals(await runCli(args), refused(message));
  });
}

Deno.test("a process exits with what the command line gives", async () => {
  const [args, message] = WRONG_ARGUMENTS[0]!;
  assertEquals(await runCliProcess(args), refused(message));
});

Deno.test("help and version go to standard output", async () => {
  const help = await runCli(["train", "--help"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  assert(help.stdout.startsWith("Usage: deno run -A cli.ts train [OPTIONS]\n"), help.stdout);
  const version = await runCli(["--version"]);
  assertEquals(version, { code: 0, signal: null, stdout: `${manifest.version}\n`, stderr: "" });
});

/** How a command line with wrong arguments ends. */
function refused(message: string): Outcome {
  return { code: 2, signal: null, stdout: "", stderr: `error: ${message} (see --help)\n` };
}
