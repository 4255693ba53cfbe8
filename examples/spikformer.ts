// A transformer of spiking neurons: Spikformer (Zhou et al., ICLR 2023), whose attention needs no softmax.
import { Adam, AvgPool1d, BatchNorm1d, BatchNorm2d, Conv1d, Conv2d } from "@galvani/snn";
import { crossEntropy, DirectEncoder, Flatten, Gpu, LifNode, Linear } from "@galvani/snn";
import { MaxPool2d, Model, Residual, schedulers, Sequential } from "@galvani/snn";
import { SpikingSelfAttention, Trainer } from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";

const epochs = Number(Deno.args[0] ?? 3);
const count = Number(Deno.args[1] ?? 60_000); // training pictures
const dim = Number(Deno.args[2] ?? 32); // channels of a token

const lif = () => new LifNode({ detachReset: true });
const conv = (inputs: number, outputs: number) => [
  new Conv2d(inputs, outputs, { kernelSize: 3, padding: 1, bias: false }),
  new BatchNorm2d(outputs),
];
const halved = () => [new MaxPool2d(3, { stride: 2, padding: 1 }), lif()];
const perToken = (inputs: number, outputs: number) => [
  new Conv1d(inputs, outputs, { kernelSize: 1, bias: false }),
  new BatchNorm1d(outputs),
  lif(),
];
const block = () => [
  new Residual(new SpikingSelfAttention(dim, { numHeads: 4 })),
  new Residual(new Sequential([...perToken(dim, 4 * dim), ...perToken(4 * dim, dim)])),
];
const network = new Sequential([
  ...[...conv(1, dim / 2), ...halved()], // [1, 28, 28] to [dim / 2, 14, 14]
  ...[...conv(dim / 2, dim), ...halved()], // to [dim, 7, 7]
  new Residual(new Sequential([...conv(dim, dim), lif()])), // where a token is
  new Flatten({ startDim: 2 }), // to [dim, 49]
  ...[...block(), ...block()],
  ...[new AvgPool1d(49), new Flatten()],
  new Linear(dim, 10),
]);

using gpu = await Gpu.request();
const { train, test } = await loadMnist();
using model = await Model.compile(gpu, network, {
  input: train.shape,
  encoder: new DirectEncoder(),
  timeSteps: 4,
});
using trainer = new Trainer(model, {
  loss: crossEntropy(),
  optimizer: new Adam({ learningRate: 5e-3 }),
  scheduler: schedulers.cosineAnnealingLr({ tMax: epochs }),
  batchSize: 64,
});
const pictures = { epochs, test: test.slice(0, Math.ceil(count / 6)) };
for await (const epoch of trainer.fit(train.slice(0, count), pictures)) {
  console.log(epoch.epoch, epoch.trainLoss, epoch.testAccuracy, `${epoch.seconds} s`);
}
