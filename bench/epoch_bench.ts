/**
 * Epochs of training as a program trains, waiting and shuffling included. One iteration is an epoch of
 * the tutorial's network, T 100, batch 128, 784 to 10, over the first 7,680 images of MNIST: 60 steps.
 */

import {
  Adam,
  Flatten,
  Gpu,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  rateMse,
  Sequential,
  Trainer,
} from "../mod.ts";
import { loadMnist } from "../src/datasets/mod.ts";

const COUNT = 7680;

const gpu = await Gpu.request();
const { train } = await loadMnist();
const part = train.slice(0, COUNT);
const network = new Sequential([
  new Flatten(),
  new Linear(784, 10, { bias: false }),
  new LifNode(),
]);
const model = await Model.compile(gpu, network, {
  input: train.shape,
  encoder: new PoissonEncoder(),
  timeSteps: 100,
  batchSize: 128,
});
const trainer = new Trainer(model, { loss: rateMse(), optimizer: new Adam() });

Deno.bench(`an epoch of ${COUNT} images (${gpu.name})`, { n: 6, warmup: 2 }, async () => {
  for await (const _ of trainer.fit(part, { epochs: 1 }));
});
