// MNIST's pictures row by row, 28 numbers at each of 28 time steps: neurons that hear each other remember.
import { Adam, Dataset, DirectEncoder, Gpu, IfNode, Linear, Model, rateMse } from "@galvani/snn";
import { Recurrent, Sequential, Trainer } from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";

const epochs = Number(Deno.args[0] ?? 10);
const count = Number(Deno.args[1] ?? 60_000); // training pictures

/** A picture's bytes lie row after row: as they are, they are numbers over time, [T, 28] with T 28. */
function rowsOf({ content, labels, classes }: Dataset): Dataset {
  if (content.kind !== "bytes") throw new TypeError("There are no pictures");
  const data = Float32Array.from(content.data, (byte) => byte / 255);
  return new Dataset({
    content: { kind: "floats", data, timeSteps: 28 },
    shape: [28],
    labels: labels!,
    classes: classes!,
  });
}

using gpu = await Gpu.request();
const { train, test } = await loadMnist();
const network = new Sequential([
  new Linear(28, 64),
  new Recurrent(new IfNode({ detachReset: true })),
  new Linear(64, 10),
  new IfNode({ detachReset: true }),
]);
using model = await Model.compile(gpu, network, {
  input: [28],
  encoder: new DirectEncoder(),
  timeSteps: 28,
});
using trainer = new Trainer(model, {
  loss: rateMse(),
  optimizer: new Adam({ learningRate: 1e-2 }),
  batchSize: 64,
});
const [pictures, questions] = [rowsOf(train.slice(0, count)), rowsOf(test.slice(0, count))];
for await (const epoch of trainer.fit(pictures, { epochs, test: questions })) {
  console.log(epoch.epoch, epoch.trainLoss, epoch.testAccuracy);
}
