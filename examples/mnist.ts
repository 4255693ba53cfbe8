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
} from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";

const epochs = Number(Deno.args[0] ?? 20);

using gpu = await Gpu.request();
const { train, test } = await loadMnist();
const network = new Sequential([
  new Flatten(),
  new Linear(28 * 28, 10, { bias: false }),
  new LifNode({ tau: 2 }),
]);
using model = await Model.compile(gpu, network, {
  input: train.shape,
  encoder: new PoissonEncoder(),
  timeSteps: 100,
});
using trainer = new Trainer(model, {
  loss: rateMse(),
  optimizer: new Adam({ learningRate: 1e-3 }),
  batchSize: 128,
});
for await (const epoch of trainer.fit(train, { epochs, test })) {
  console.log(epoch.testAccuracy);
}
