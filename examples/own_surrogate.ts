// A surrogate gradient of one's own: half a wave of the cosine around the threshold.
import { Adam, DirectEncoder, Flatten, Gpu, LifNode, Linear } from "@galvani/snn";
import { Model, rateMse, Sequential, type Surrogate, Trainer } from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";

const alpha = 2;
const surrogate: Surrogate = {
  name: "sine",
  parameters: { alpha },
  // x is the potential minus the threshold. Names besides the parameters begin with surrogate_.
  wgsl: `
override alpha: f32;
const surrogate_edge = 1.5707963;  // pi / 2

fn surrogate_gradient(x: f32) -> f32 {
  return select(0.0, 0.5 * alpha * cos(alpha * x), abs(alpha * x) < surrogate_edge);
}

fn surrogate_primitive(x: f32) -> f32 {
  return 0.5 + 0.5 * sin(clamp(alpha * x, -surrogate_edge, surrogate_edge));
}`,
  // The same in TypeScript, for plots and tests.
  gradient: (x) => Math.abs(alpha * x) < Math.PI / 2 ? alpha / 2 * Math.cos(alpha * x) : 0,
  primitive: (x) => {
    const wave = Math.min(Math.PI / 2, Math.max(-Math.PI / 2, alpha * x));
    return (1 + Math.sin(wave)) / 2;
  },
};

using gpu = await Gpu.request();
const train = (await loadMnist()).train.slice(0, 6400);
const network = new Sequential([
  new Flatten(),
  new Linear(784, 10, { bias: false }),
  new LifNode({ surrogate }),
]);
const options = { input: train.shape, encoder: new DirectEncoder(), timeSteps: 8 };
using model = await Model.compile(gpu, network, options);
const optimizer = new Adam({ learningRate: 5e-3 });
using trainer = new Trainer(model, { loss: rateMse(), optimizer, batchSize: 64 });
for await (const { trainAccuracy } of trainer.fit(train, { epochs: 3 })) console.log(trainAccuracy);
