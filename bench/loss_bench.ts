/**
 * Losses at batch 128, 10 classes, T 100: the loss and its gradient. One iteration is the stated number
 * of runs in one submit.
 */

import { Gpu, losses, type Signal } from "../mod.ts";
import { fillUniform } from "../src/cli/bench/fill.ts";
import { denseBytes } from "../src/signal/dense.ts";
import { timeWords } from "../src/signal/time.ts";
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
  features: CLASSES,
  spikes: gpu.createBuffer(timeWords(STEPS) * NEURONS * 4, "spikes"),
  counts,
  potential,
};
const constant: Signal = { kind: "constant", features: CLASSES, values };

for (const [name, loss] of Object.entries(losses)) {
  const collector = new Collector(gpu, { batchSize: BATCH, timeSteps: STEPS, features: CLASSES });
  await loss().compile(collector, name === "crossEntropy" ? constant : spikes);
  await benchDevice(gpu, {
    name: `loss ${name}`,
    work(recorder) {
      for (const dispatch of collector.dispatches) dispatch.encode(recorder, 0);
    },
  });
}
