/**
 * Losses at batch 128, 10 classes, T 100: the loss and its gradient. One iteration is the stated number
 * of runs in one submit.
 */

import { Gpu, losses } from "../mod.ts";
import { fillUniform } from "../src/cli/bench/fill.ts";
import { denseBytes, type Signal, timeWords } from "../src/extend.ts";
import { benchDevice, Collector } from "./support.ts";

const BATCH = 128;
const CLASSES = 10;
const STEPS = 100;
const NEURONS = BATCH * CLASSES;

const gpu = await Gpu.request();

const potential = gpu.createBuffer(denseBytes(STEPS, NEURONS), "potential");
const values = gpu.createBuffer(NEURONS * 4, "values");
const counts = gpu.createBuffer(NEURONS * 4, "counts");
fillUniform(gpu, potential, 0, 1);
fillUniform(gpu, values, -1, 1);
gpu.write(counts, Uint32Array.from({ length: NEURONS }, (_, i) => i % STEPS));
const spikes: Signal = {
  kind: "spikes",
  shape: [CLASSES],
  over: "time",
  spikes: gpu.createBuffer(timeWords(STEPS) * NEURONS * 4, "spikes"),
  counts,
  traces: { v: potential },
};
const constant: Signal = { kind: "numbers", shape: [CLASSES], over: "constant", values };

for (const [name, loss] of Object.entries(losses)) {
  const collector = new Collector(gpu, { batchSize: BATCH, timeSteps: STEPS, classes: CLASSES });
  const readsValues = name === "crossEntropy" || name === "valueMse";
  await loss().compile(collector.scope, readsValues ? constant : spikes);
  await benchDevice(gpu, {
    name: `loss ${name}`,
    work(commands) {
      for (const dispatch of collector.dispatches) dispatch.encode(commands, 0);
    },
  });
}
