/**
 * Training steps at batch 128: the tutorial's, T 100, 784 to 10, and 784-800-10 on the images themselves,
 * T 8. One iteration is the stated number of steps, in as few submits as a program allows.
 */

import { Gpu } from "../mod.ts";
import {
  compileNetworkStep,
  featuresOf,
  networkName,
  TUTORIAL,
  TWO_LAYERS,
} from "../src/cli/bench/network_step.ts";
import type { BatchStep } from "../src/core/feed.ts";
import { loadMnist } from "../src/datasets/mod.ts";

const gpu = await Gpu.request();
const { train } = await loadMnist();

for (const [size, steps] of [[TUTORIAL, 40], [TWO_LAYERS, 8]] as const) {
  const data = train.slice(0, steps * size.batchSize);
  const { program, chunkSteps, steps: stepsOf } = await compileNetworkStep(gpu, size, data);
  const training = stepsOf(steps);
  const testing = training.map(({ key, source, samples }) => ({ key, source, samples }));
  const name = `${networkName(size, featuresOf(data))} (${gpu.name})`;
  const options = { group: name, n: 8, warmup: 2 };
  /** Chunk after chunk, and waits for the last. */
  const run = async (steps: BatchStep[]) => {
    let next = 0;
    for (; next + chunkSteps < steps.length; next += chunkSteps) {
      program.submit(steps.slice(next, next + chunkSteps));
    }
    await program.run(steps.slice(next));
  };
  Deno.bench(`${steps} training steps, ${name}`, options, () => run(training));
  Deno.bench(`${steps} test steps, ${name}`, options, () => run(testing));
}
