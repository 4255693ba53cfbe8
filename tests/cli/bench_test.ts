import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { bench } from "../../src/cli/commands/bench.ts";
import { type BenchReport, type BenchSizes, measure } from "../../src/cli/bench/measure.ts";
import { BENCH, type BenchOptions } from "../../src/cli/bench/options.ts";
import { timeRounds } from "../../src/cli/bench/rounds.ts";
import { benchTable } from "../../src/cli/bench/table.ts";
import { commandHelp } from "../../src/cli/options/help.ts";
import { main } from "../../src/cli/main.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { Gpu } from "../../src/gpu/gpu.ts";
import { captured } from "../support/captured.ts";

const SMALL: BenchSizes = {
  neurons: [[64, 4], [100, 5], [2 ** 30, 64]],
  networks: [
    { layers: [10], encoder: "poisson", timeSteps: 4, batchSize: 2 },
    { layers: [12, 10], encoder: "direct", timeSteps: 4, batchSize: 2 },
  ],
  rounds: 1,
  kernelMilliseconds: 1,
  stepMilliseconds: 1,
};

Deno.test("bench prints a row for each kernel and step, and writes them as JSON", async () => {
  const file = await Deno.makeTempFile();
  let report: BenchReport | undefined;
  const { out } = await captured(async () => {
    report = await bench({ device: "auto", json: file }, SMALL);
  });
  assertEquals(JSON.parse(await Deno.readTextFile(file)), report);
  await Deno.remove(file);

  const { adapter, versions, copies, neurons, networks } = report!;
  assert(adapter.length > 0);
  assertEquals(versions.deno, Deno.version.deno);
  assertMatch(report!.date, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const kernels = ["forward", "backward, constant gradient", "backward, dense gradient"];
  assertEquals(
    neurons.map(({ neurons, timeSteps, kernel }) => [neurons, timeSteps, kernel]),
    [[64, 4], [100, 5]].flatMap((size) => kernels.map((kernel) => [...size, kernel])),
    "layers that don't fit the device are left out",
  );
  for (const result of neurons) {
    for (const value of Object.values(result)) {
      assert(typeof value === "string" || (Number.isFinite(value) && value >= 0), String(value));
    }
  }
  assert(copies.length > 0 && copies.every(({ bytes }) => Number.isInteger(Math.log2(bytes))));
  assertEquals(networks.map(({ network }) => network), [
    "784-10 poisson, T 4, batch 2",
    "784-12-10 direct, T 4, batch 2",
  ]);
  for (const { kernels, stepMilliseconds, imagesPerSecond } of networks) {
    assert(stepMilliseconds > 0 && imagesPerSecond > 0);
    assertEquals(kernels.at(-1)!.kernel, "optimizer/adam");
    assert(kernels.every(({ milliseconds }) => milliseconds >= 0));
  }

  const lines = out.trimEnd().split("\n");
  assertEquals(out, `${benchTable(report!)}\n`);
  assert(lines[0]!.startsWith(adapter), lines[0]);
  assertEquals(lines.filter((line) => /^ *(64|100) +[45] +\w.* %$/.test(line)).length, 6);
  assertEquals(lines.filter((line) => /^whole step +[\d.]+$/.test(line)).length, 2);
  for (const { kernel } of networks.flatMap(({ kernels }) => kernels)) {
    assert(lines.some((line) => line.startsWith(`${kernel} `)), kernel);
  }
});

Deno.test("bench needs no timestamps of the device", async () => {
  using gpu = await Gpu.request();
  Object.defineProperty(gpu.device, "features", { value: new Set() });
  const { timing, neurons } = await measure(gpu, { ...SMALL, neurons: [[64, 4]], networks: [] });
  assertEquals(timing, "repeats in one submit");
  assertEquals(neurons.length, 3);
  for (const { milliseconds } of neurons) assert(milliseconds >= 0);
});

Deno.test("bench's columns are aligned and their figures have three digits", () => {
  const neuron = {
    neurons: 4096,
    timeSteps: 100,
    kernel: "forward",
    milliseconds: 0.24567,
    nanosecondsPerNeuronStep: 0.5997,
    gigabytesPerSecond: 6.9,
    shareOfCopy: 0.616,
  };
  const kernels = [{ kernel: "linear/event_step", milliseconds: 1.3 }];
  const network = { network: "784-10", kernels, stepMilliseconds: 123.4, imagesPerSecond: 1037.3 };
  const text = benchTable({
    adapter: "An adapter",
    preset: "gpu",
    date: "2030-01-02T03:04:05.678Z",
    versions: { galvani: "1.0.0", deno: "2.9.6" },
    platform: "linux x86_64",
    processors: 2,
    timing: "timestamps",
    rounds: 5,
    copies: [],
    neurons: [neuron, { ...neuron, timeSteps: 4, milliseconds: 0, kernel: "backward" }],
    networks: [network],
  });
  assertEquals(
    text,
    `An adapter, kernels cut for a GPU
Galvani 1.0.0, Deno 2.9.6, linux x86_64, 2030-01-02T03:04:05.678Z
Kernels timed by timestamps; the best of 5 rounds

   N    T  LIF neurons     ms  ns/neuron/step  GB/s  of copying
4096  100  forward      0.246           0.600  6.90        62 %
4096    4  backward         0           0.600  6.90        62 %

784-10               ms
linear/event_step  1.30
whole step          123
1037 images/s`,
  );
});

function parseBenchOptions(args: readonly string[]): BenchOptions | "help" | "version" {
  const parsed = parseArguments(BENCH, args);
  return typeof parsed === "string" ? parsed : parsed.options;
}

Deno.test("bench reads its options", () => {
  assertEquals(parseBenchOptions([]), { device: "auto" });
  assertEquals(
    parseBenchOptions(["--device", "gpu", "--gpu=nvidia", "--json", "a", "--json", "b"]),
    { device: "gpu", gpu: "nvidia", json: "b" },
  );
  assertEquals(parseBenchOptions(["-h"]), "help");
  assertEquals(parseBenchOptions(["--version"]), "version");
  for (const name of ["--device", "--gpu", "--json", "--help", "--version"]) {
    assert(commandHelp(BENCH).includes(name), name);
  }
});

const WRONG: [args: string[], message: string][] = [
  [["--jsn", "a"], "unknown option --jsn: did you mean --json?"],
  [["--quick"], "unknown option --quick"],
  [["--device", "cpu"], 'option --device must be auto, gpu or software: given "cpu"'],
  [["--device", "softwar"], "did you mean software?"],
  [["--json"], "option --json needs a value: a file"],
  [["--json="], "option --json needs a value: a file"],
  [["--gpu", ""], "option --gpu needs a value: a name"],
  [["twice"], 'unexpected argument "twice": bench takes options only'],
];
for (const [args, message] of WRONG) {
  Deno.test(`bench ${args.join(" ")} is refused`, () => {
    assertThrows(() => parseBenchOptions(args), UsageError, message);
  });
}

Deno.test("bench with wrong arguments exits with 2, one that can't do its work with 1", async () => {
  const codes: number[] = [];
  const { out, error } = await captured(async () => {
    codes.push(await main(["bench", "--quick"]));
    codes.push(await main(["bench", "--json", "/nowhere/at/all.json"]));
    codes.push(await main(["bench", "--help"]));
  });
  assertEquals(codes, [2, 1, 0]);
  assertMatch(error, /^error: unknown option --quick \(see --help\)\n/);
  assertMatch(error, /error: Cannot write "\/nowhere\/at\/all.json": .+\n$/);
  assertEquals(out, `${commandHelp(BENCH)}\n`);
});

Deno.test("rounds are as long where the first run compiles", async () => {
  const counts: number[] = [];
  await timeRounds(async (count) => {
    await new Promise((resolve) => setTimeout(resolve, counts.length === 0 ? 60 : count));
    counts.push(count);
  }, { milliseconds: 40, rounds: 2 });
  const rounds = counts.slice(-2);
  assert(rounds.every((count) => count > 1), `the runs were ${counts}`);
});
