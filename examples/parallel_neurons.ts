// Neurons that see all time steps at once (Fang et al., NeurIPS 2023) read digits column by column.
import { Adam, ColumnEncoder, Flatten, Gpu, Linear, Model, Psn, Sequential } from "@galvani/snn";
import { SlidingPsn, temporalCrossEntropy, Trainer } from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";

const epochs = Number(Deno.args[0] ?? 3);
const count = Number(Deno.args[1] ?? 60_000); // training pictures

const network = new Sequential([
  new Flatten(), // [1, 28, 28] by columns: 28 pixels at each of 28 time steps
  new Linear(28, 64),
  new Psn(28), // each step's spikes follow from all 28 columns
  new Linear(64, 64),
  new SlidingPsn(4), // from the last four steps
  new Linear(64, 10),
]);

using gpu = await Gpu.request();
const { train, test } = await loadMnist();
using model = await Model.compile(gpu, network, {
  input: train.shape,
  encoder: new ColumnEncoder(),
  timeSteps: 28,
});
using trainer = new Trainer(model, {
  loss: temporalCrossEntropy(), // right at each time step, not only on the whole
  optimizer: new Adam({ learningRate: 5e-3 }),
  batchSize: 64,
});
for await (const epoch of trainer.fit(train.slice(0, count), { epochs, test })) {
  console.log(epoch.epoch, epoch.trainLoss, epoch.testAccuracy);
}
