/** The tutorial's training step: batch 128, T 100, 784 to 10. One iteration is 32 steps in one submit. */

import { Adam, Gpu, LifNode, Linear, PoissonEncoder, rateMse, Sequential } from "../mod.ts";
import { loadMnist } from "../src/datasets/mod.ts";
import { Plan, type PlanStep } from "../src/network/plan.ts";
import { activePixels } from "../src/network/pixel_lists.ts";

const STEPS = 32;
const BATCH = 128;

const gpu = await Gpu.request();
const optimizer = new Adam();
const plan = await Plan.compile(gpu, {
  network: new Sequential([new Linear(784, 10, { bias: false }), new LifNode()]),
  encoder: new PoissonEncoder(),
  loss: rateMse(),
  optimizer,
  timeSteps: 100,
  batchSize: BATCH,
  features: 784,
});
const lists = activePixels((await loadMnist()).train);
const imagesOf = (step: number) =>
  Uint32Array.from({ length: BATCH }, (_, i) => step * BATCH + i)
    .sort((a, b) => lists.lengthOf(b) - lists.lengthOf(a));
const training: PlanStep[] = Array.from({ length: STEPS }, (_, step) => ({
  key: step,
  optimizer: optimizer.stepValues(step + 1, optimizer.learningRate),
  lists,
  images: imagesOf(step),
}));
const testing: PlanStep[] = training.map(({ key, lists, images }) => ({ key, lists, images }));

Deno.bench(`${STEPS} training steps (${gpu.name})`, { group: "step" }, async () => {
  await plan.run(training);
});

Deno.bench(`${STEPS} test steps (${gpu.name})`, { group: "step" }, async () => {
  await plan.run(testing);
});
