// Fashion-MNIST by a convolutional network, SpikingJelly's CSNN: direct coding, T 4.
import { BatchNorm2d, Conv2d, DirectEncoder, Flatten, Gpu, IfNode, Linear } from "@galvani/snn";
import { MaxPool2d, Model, rateMse, schedulers, Sequential, Sgd, Trainer } from "@galvani/snn";
import { loadFashionMnist } from "@galvani/snn/datasets";

const epochs = Number(Deno.args[0] ?? 15);
const count = Number(Deno.args[1] ?? 60_000); // training pictures
const channels = Number(Deno.args[2] ?? 32);

using gpu = await Gpu.request();
const { train, test } = await loadFashionMnist();
const block = (inChannels: number) => [
  new Conv2d(inChannels, channels, { kernelSize: 3, padding: 1, bias: false }),
  new BatchNorm2d(channels),
  new IfNode(),
  new MaxPool2d(2),
];
const network = new Sequential([
  ...block(1), // [1, 28, 28] to [channels, 14, 14]
  ...block(channels), // to [channels, 7, 7]
  new Flatten(),
  new Linear(channels * 7 * 7, 512, { bias: false }),
  new IfNode(),
  new Linear(512, 10, { bias: false }),
  new IfNode(),
]);
using model = await Model.compile(gpu, network, {
  input: train.shape,
  encoder: new DirectEncoder(),
  timeSteps: 4,
});
using trainer = new Trainer(model, {
  loss: rateMse(),
  optimizer: new Sgd({ learningRate: 0.1, momentum: 0.9 }),
  scheduler: schedulers.cosineAnnealingLr({ tMax: epochs }),
  batchSize: 128,
  seed: 1,
});
const pictures = { epochs, test: test.slice(0, Math.ceil(count / 6)) };
for await (const epoch of trainer.fit(train.slice(0, count), pictures)) {
  console.log(epoch.epoch, epoch.trainLoss, epoch.testAccuracy, `${epoch.seconds} s`);
}
