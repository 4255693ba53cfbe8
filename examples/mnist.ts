import {
  Adam,
  Gpu,
  LifNode,
  Linear,
  PoissonEncoder,
  rateMse,
  Sequential,
  Trainer,
} from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";

using gpu = await Gpu.request();
const network = new Sequential([
  new Linear(784, 10, { bias: false }),
  new LifNode({ tau: 2 }),
]);
const trainer = new Trainer(gpu, network, {
  encoder: new PoissonEncoder(),
  timeSteps: 100,
  batchSize: 128,
  loss: rateMse(),
  optimizer: new Adam({ learningRate: 1e-3 }),
  seed: 1,
});
const { train, test } = await loadMnist();
for await (const epoch of trainer.fit(train, { epochs: 20, test })) {
  console.log(epoch.testAccuracy);
}
