/**
 * Training steps at batch 128: the tutorial's, T 100, 784 to 10, and 784-800-10 on the images themselves,
 * T 8. One iteration is the stated number of steps, in as few submits as a plan allows.
 */

import { Gpu } from "../mod.ts";
import {
  compileNetworkStep,
  networkName,
  TUTORIAL,
  TWO_LAYERS,
} from "../src/cli/bench/network_step.ts";
import { loadMnist } from "../src/datasets/mod.ts";
import type { PlanStep } from "../src/network/plan.ts";

const gpu = await Gpu.request();
const { train: { images, labels, height, width, classes } } = await loadMnist();

for (const [size, steps] of [[TUTORIAL, 40], [TWO_LAYERS, 8]] as const) {
  const count = steps * size.batchSize;
  const data = {
    images: images.subarray(0, count * height * width),
    labels: labels.subarray(0, count),
    count,
    height,
    width,
    classes,
  };
  const { plan, steps: stepsOf } = await compileNetworkStep(gpu, size, data);
  const training = stepsOf(steps);
  const testing = training.map(({ key, lists, images }) => ({ key, lists, images }));
  const name = `${networkName(size, height * width)} (${gpu.name})`;
  const options = { group: name, n: 8, warmup: 2 };
  /** Chunk after chunk, and waits for the last. */
  const run = async (steps: PlanStep[]) => {
    let next = 0;
    for (; next + plan.chunkSteps < steps.length; next += plan.chunkSteps) {
      plan.submit(steps.slice(next, next + plan.chunkSteps));
    }
    await plan.run(steps.slice(next));
  };
  Deno.bench(`${steps} training steps, ${name}`, options, () => run(training));
  Deno.bench(`${steps} test steps, ${name}`, options, () => run(testing));
}
