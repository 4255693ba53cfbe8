// A residual network of spiking neurons: SEW blocks (Fang et al., NeurIPS 2021), whose shortcuts carry spikes.
import { Adam, AdaptiveAvgPool2d, BatchNorm2d, Conv2d, crossEntropy, Flatten } from "@galvani/snn";
import { DirectEncoder, Gpu, IfNode, Linear, Model, Residual, Sequential } from "@galvani/snn";
import { schedulers, Trainer } from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";

const epochs = Number(Deno.args[0] ?? 3);
const count = Number(Deno.args[1] ?? 60_000); // training pictures
const width = Number(Deno.args[2] ?? 8); // channels of the first block

const conv = (inputs: number, outputs: number, kernelSize: number, stride: number) => [
  new Conv2d(inputs, outputs, { kernelSize, stride, padding: kernelSize >> 1, bias: false }),
  new BatchNorm2d(outputs),
  new IfNode({ detachReset: true }),
];
/** Two convolutions and a shortcut, which halves the picture where they do. */
const block = (inputs: number, outputs: number, stride: number) =>
  new Residual(
    new Sequential([...conv(inputs, outputs, 3, stride), ...conv(outputs, outputs, 3, 1)]),
    stride > 1 ? { shortcut: new Sequential(conv(inputs, outputs, 1, stride)) } : {},
  );
const network = new Sequential([
  ...conv(1, width, 3, 1), // [1, 28, 28] to [width, 28, 28]
  block(width, width, 1),
  block(width, 2 * width, 2), // to [2 width, 14, 14]
  block(2 * width, 4 * width, 2), // to [4 width, 7, 7]
  new AdaptiveAvgPool2d(1),
  new Flatten(),
  new Linear(4 * width, 10),
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
  batchSize: 128,
});
const pictures = { epochs, test: test.slice(0, Math.ceil(count / 6)) };
for await (const epoch of trainer.fit(train.slice(0, count), pictures)) {
  console.log(epoch.epoch, epoch.trainLoss, epoch.testAccuracy, `${epoch.seconds} s`);
}
