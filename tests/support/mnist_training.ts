/** A small training on MNIST that processes share. */

import { Adam, Flatten, LifNode, Linear, PoissonEncoder, rateMse, Sequential } from "../../mod.ts";
import { loadMnist } from "../../src/datasets/mod.ts";
import type { TrainingOptions } from "./training.ts";

const { train, test } = await loadMnist();

/** Five steps. */
export const TRAIN = train.slice(0, 100);
/** Its last batch has a single picture. */
export const TEST = test.slice(0, 41);

export const OPTIONS: TrainingOptions = {
  input: [1, 28, 28],
  timeSteps: 6,
  batchSize: 20,
  encoder: new PoissonEncoder(),
  loss: rateMse(),
  // So that neurons fire within five steps.
  optimizer: new Adam({ learningRate: 0.02 }),
};

export const network = () => new Sequential([new Flatten(), new Linear(784, 10), new LifNode()]);
