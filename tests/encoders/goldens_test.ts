import { assertEquals } from "@std/assert";
import { PeriodicEncoder } from "../../mod.ts";
import { latencySpikeTime, weightedPhaseSpikes } from "../../src/extend.ts";
import { readEvents } from "../support/event_reader.ts";
import { sharedGpu } from "../support/gpu.ts";
import { TestProgram } from "../support/test_program.ts";
import { type Case, goldens } from "./goldens.ts";

/** Spikes [T][N] of the golden case's encoder. */
async function encode(golden: Case): Promise<number[][]> {
  const steps = Array.from({ length: golden.T }, (_, t) => t);
  if (golden.encoder === "LatencyEncoder") {
    const { T, enc_function: kind } = golden.config;
    return steps.map((t) => golden.x.map((x) => Number(latencySpikeTime(x, T, kind) === t % T)));
  }
  if (golden.encoder === "WeightedPhaseEncoder") {
    const { K } = golden.config;
    return steps.map((t) => golden.x.map((x) => weightedPhaseSpikes(x, K)[t % K]!));
  }
  const gpu = await sharedGpu();
  const features = golden.x[0]!.length;
  using program = new TestProgram(gpu, { batchSize: 1, timeSteps: golden.T });
  const input = { shape: [features], content: "bytes" } as const;
  const signal = await new PeriodicEncoder(golden.x).compile(program.scope, input);
  program.writePictures(signal.entries, [new Uint8Array(features)]);
  program.run("forward");
  const [spikes] = await readEvents(program.scope, signal);
  return steps.map((t) => golden.x[0]!.map((_, i) => spikes![i]![t]!));
}

for (const golden of goldens.cases) {
  Deno.test(`an encoder gives the spikes of the golden case ${golden.name}`, async () => {
    assertEquals(await encode(golden), golden.spikes);
  });
}
