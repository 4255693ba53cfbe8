// MNIST by a network with a hidden layer, from the pictures themselves: direct coding.
import { AdamW, countCrossEntropy, DirectEncoder, Dropout, Flatten, Gpu } from "@galvani/snn";
import { LifNode, Linear, Model, schedulers, Sequential, Trainer } from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";

const epochs = Number(Deno.args[0] ?? 10);
const count = Number(Deno.args[1] ?? 60_000); // training pictures

using gpu = await Gpu.request();
const { train, test } = await loadMnist();
const network = new Sequential([
  new Flatten(),
  new Linear(28 * 28, 800),
  new LifNode({ tau: 2, detachReset: true }),
  new Dropout(0.2),
  new Linear(800, 10),
  new LifNode({ tau: 2, detachReset: true }),
]);
using model = await Model.compile(gpu, network, {
  input: train.shape,
  encoder: new DirectEncoder(),
  timeSteps: 8,
});
using trainer = new Trainer(model, {
  loss: countCrossEntropy(),
  optimizer: new AdamW({ learningRate: 1e-3 }),
  scheduler: schedulers.cosineAnnealingLr({ tMax: epochs }),
  batchSize: 128,
});
for await (const epoch of trainer.fit(train.slice(0, count), { epochs, test })) {
  console.log(epoch.epoch, epoch.trainLoss, epoch.testAccuracy);
}
