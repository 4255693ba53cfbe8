/**
 * Training steps at batch 128: the tutorial's, T 100, 784 to 10, and 784-800-10 on the images themselves,
 * T 8. One iteration is the stated number of steps in one submit.
 */

import { Gpu } from "../mod.ts";
import {
  compileNetworkStep,
  networkName,
  TUTORIAL,
  TWO_LAYERS,
} from "../src/cli/bench/network_step.ts";
import { loadMnist } from "../src/datasets/mod.ts";

const gpu = await Gpu.request();
const { train: { images, labels, height, width, classes } } = await loadMnist();

for (const [size, steps] of [[TUTORIAL, 32], [TWO_LAYERS, 8]] as const) {
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
  Deno.bench(`${steps} training steps, ${name}`, options, async () => {
    await plan.run(training);
  });
  Deno.bench(`${steps} test steps, ${name}`, options, async () => {
    await plan.run(testing);
  });
}
