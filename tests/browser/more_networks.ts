/**
 * Trains a step of networks with shortcuts, of neurons after neurons and with each surrogate, whose
 * kernels suites of single layers don't compile.
 *
 * @module
 */
import {
  DirectEncoder,
  Gpu,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  rateMse,
  Residual,
  Sequential,
  Sgd,
  surrogates,
  Trainer,
} from "../../mod.ts";
import type { Encoder, Layer, Loss } from "../../src/extend.ts";
import { imageDataset } from "../../src/datasets/make.ts";

using gpu = await Gpu.request();
const pixels = Uint8Array.from({ length: 8 * 12 }, (_, i) => (i * 37) % 256);
const data = imageDataset(pixels, { shape: [12], labels: [0, 1, 2, 0, 1, 2, 0, 1] });
const spiking = () => new Sequential([new Linear(12, 12), new LifNode()]);
const block = () => new Residual(spiking());
const classes = () => [new Linear(12, 3), new LifNode()];

/** Trains one step. */
async function train(layers: Layer[], encoder: Encoder, loss: Loss): Promise<void> {
  const options = { input: data.shape, encoder, timeSteps: 8, batchSize: 8 };
  using model = await Model.compile(gpu, new Sequential(layers), options);
  using trainer = new Trainer(model, { loss, optimizer: new Sgd({ learningRate: 0.1 }) });
  for await (const _ of trainer.fit(data, { epochs: 1 }));
}

for (const encoder of [new DirectEncoder(), new PoissonEncoder()]) {
  await train([block(), ...classes()], encoder, rateMse());
  await train([new Linear(12, 12), block(), ...classes()], encoder, rateMse());
  await train([spiking(), block(), block(), ...classes()], encoder, rateMse());
  await train([spiking(), new LifNode(), ...classes()], encoder, rateMse());
  await train(classes(), encoder, rateMse());
}

for (const surrogate of Object.values(surrogates)) {
  const neurons = new LifNode({ surrogate: surrogate() });
  await train([new Linear(12, 12), neurons, ...classes()], new DirectEncoder(), rateMse());
}
