/**
 * Trains 12C5-MP2-64C5-MP2-10 without padding on MNIST, T 8, and prints the accuracy of its test.
 *
 *     deno run -A bench/mnist_convolutions.ts [epochs]
 */

import {
  Adam,
  Conv2d,
  DirectEncoder,
  Flatten,
  Gpu,
  LifNode,
  Linear,
  MaxPool2d,
  Model,
  rateMse,
  schedulers,
  Sequential,
  Trainer,
} from "../mod.ts";
import { loadMnist } from "../src/datasets/mod.ts";

const epochs = Number(Deno.args[0] ?? 6);
const batchSize = 128;
const { train, test } = await loadMnist();
const neurons = () => new LifNode({ decayInput: false });
const network = new Sequential([
  ...[new Conv2d(1, 12, { kernelSize: 5 }), neurons(), new MaxPool2d(2)],
  ...[new Conv2d(12, 64, { kernelSize: 5 }), neurons(), new MaxPool2d(2)],
  ...[new Flatten(), new Linear(1024, 10), neurons()],
]);
using gpu = await Gpu.request();
using model = await Model.compile(gpu, network, {
  ...{ input: train.shape, encoder: new DirectEncoder(), timeSteps: 8, batchSize },
});
using trainer = new Trainer(model, {
  loss: rateMse(),
  optimizer: new Adam({ learningRate: 2e-3 }),
  scheduler: schedulers.cosineAnnealingLr({ tMax: epochs }),
  ...{ batchSize, seed: 1 },
});
for await (const { epoch, trainAccuracy } of trainer.fit(train, { epochs })) {
  console.log(`epoch ${epoch}: ${(100 * trainAccuracy).toFixed(2)} % of the pictures in training`);
}
const { accuracy } = await model.evaluate(test);
console.log(`${gpu.name}: ${(100 * accuracy).toFixed(2)} % of the test pictures`);
