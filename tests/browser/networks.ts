/**
 * Has the kernels of some networks compiled: which ones they need depends on the kind of adapter.
 *
 * @module
 */
import {
  Adam,
  AdamW,
  AdaptiveAvgPool2d,
  AlifNode,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  countCrossEntropy,
  crossEntropy,
  CubaLifNode,
  CubaLiNode,
  type Dataset,
  DirectEncoder,
  Dropout,
  Dropout2d,
  EventEncoder,
  Flatten,
  Gpu,
  IfNode,
  imageDataset,
  LatencyEncoder,
  LifNode,
  Linear,
  LiNode,
  MaxPool2d,
  Model,
  ParametricLifNode,
  PoissonEncoder,
  potentialMse,
  rateCrossEntropy,
  rateMse,
  Recurrent,
  Residual,
  Sequential,
  Sgd,
  SumPool2d,
  SynapseFilter,
  temporalCrossEntropy,
  Trainer,
  WeightedPhaseEncoder,
} from "../../mod.ts";
import type { Encoder, Layer, Loss, Optimizer } from "../../src/extend.ts";
import { spikeDataset } from "../support/compiled_network.ts";

const BATCH = 8;
const LABELS = [0, 1, 2, 0, 1, 2, 0, 1];

using gpu = await Gpu.request();
// Nothing is run: drivers make machine code, which takes longer than all else, of what runs.
GPUQueue.prototype.submit = () => {};

/** Pictures of a shape. */
function pictures(...shape: number[]): Dataset {
  const length = BATCH * shape.reduce((product, size) => product * size, 1);
  const pixels = Uint8Array.from({ length }, (_, i) => (i * 37) % 256);
  return imageDataset(pixels, { shape, labels: LABELS });
}

/** Spikes over 8 time steps. */
function events(features: number): Dataset {
  const spikes = Uint8Array.from(
    { length: 8 * BATCH * features },
    (_, i) => i * 37 % 5 === 0 ? 1 : 0,
  );
  return spikeDataset(spikes, { timeSteps: 8, features, labels: LABELS, classes: 3 });
}

/** Goes through a step of training, with the kernels chosen for the adapter and with plain ones. */
async function train(
  data: Dataset,
  layers: () => Layer[],
  { encoder = new DirectEncoder(), loss = rateMse(), optimizer = new Sgd(), timeSteps = 8 }: {
    encoder?: Encoder;
    loss?: Loss;
    optimizer?: Optimizer;
    timeSteps?: number;
  } = {},
): Promise<void> {
  for (const variants of ["auto", "plain"] as const) {
    const options = { input: data.shape, encoder, timeSteps, batchSize: BATCH, variants };
    using model = await Model.compile(gpu, new Sequential(layers()), options);
    using trainer = new Trainer(model, { loss, optimizer });
    for await (const _ of trainer.fit(data, { epochs: 1 }));
  }
}

const spiking = () => new Sequential([new Linear(12, 12), new LifNode()]);
const block = () => new Residual(spiking());
const classes = () => [new Linear(12, 3), new LifNode()];

for (const encoder of [new DirectEncoder(), new PoissonEncoder()]) {
  await train(pictures(12), () => [block(), ...classes()], { encoder });
  await train(pictures(12), () => [new Linear(12, 12), block(), ...classes()], { encoder });
  await train(pictures(12), () => [spiking(), block(), block(), ...classes()], { encoder });
  await train(pictures(12), () => [spiking(), new LifNode(), ...classes()], { encoder });
  await train(pictures(12), classes, { encoder });
}

for (const encoder of [new LatencyEncoder(), new WeightedPhaseEncoder()]) {
  await train(pictures(12), classes, { encoder });
}

for (
  const loss of [countCrossEntropy(), rateCrossEntropy(), potentialMse(), temporalCrossEntropy()]
) {
  const layers = () => [spiking(), new Linear(12, 3), new LifNode({ storeV: true })];
  await train(pictures(12), layers, { loss, optimizer: new Adam() });
}
await train(pictures(12), () => [spiking(), new Linear(12, 3)], { loss: temporalCrossEntropy() });

for (
  const neurons of [
    new IfNode(),
    new ParametricLifNode(),
    new CubaLifNode({ tauSyn: 2, tauMem: 3 }),
    new LifNode({ vReset: null, detachReset: true }),
  ]
) {
  const layers = () => [new Linear(12, 9), neurons, new Dropout(0.5), new Linear(9, 3), neurons];
  await train(pictures(12), layers, { optimizer: new AdamW() });
  await train(events(12), layers, { encoder: new EventEncoder() });
}

for (const readout of [new LiNode({ tau: 2 }), new CubaLiNode({ tauSyn: 2, tauMem: 3 })]) {
  await train(pictures(12), () => [spiking(), new Linear(12, 3), readout], {
    loss: crossEntropy(),
  });
}

// Neurons that hear each other, by one lane and by several, and themselves, of what is the same at each step and not.
for (const hidden of [9, 40]) {
  for (const neurons of [new LifNode({ storeV: true }), new AlifNode({ tau: { learned: 3 } })]) {
    const layers = () => [
      new Recurrent(new IfNode()),
      new Linear(12, hidden),
      new Recurrent(neurons),
      new SynapseFilter({ tau: { learned: 2 } }),
      new Recurrent(neurons, { mode: "element-wise" }),
      new Linear(hidden, 3),
      new AlifNode({ vReset: null, detachReset: true }),
    ];
    await train(pictures(12), layers);
    await train(pictures(12), layers, { timeSteps: 140 });
  }
}

const seen = () => [new Conv2d(1, 4, { kernelSize: 3 }), new IfNode()];
const answer = (inputs: number) => [new Flatten(), new Linear(inputs, 3), new IfNode()];
for (
  const [pool, inputs] of [
    [new MaxPool2d(2), 16],
    [new MaxPool2d(3, { stride: 2, padding: 1 }), 16],
    [new AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false }), 16],
    [new SumPool2d(2), 16],
    [new AdaptiveAvgPool2d(1), 4],
  ] as const
) {
  // Of numbers that are the same at each time step, of spikes, and of numbers over time.
  const place = new Conv2d(4, 4, { kernelSize: 1 });
  await train(pictures(1, 6, 6), () => [seen()[0]!, pool, new IfNode(), ...answer(inputs)]);
  await train(pictures(1, 6, 6), () => [...seen(), new Dropout2d(0.5), pool, ...answer(inputs)]);
  await train(
    pictures(1, 6, 6),
    () => [...seen(), place, pool, new Dropout2d(0.5), ...answer(inputs)],
  );
}

// Norms between convolutions, neurons and pools, of what is the same at each time step and of spikes.
await train(pictures(1, 6, 6), () => [
  new Conv2d(1, 4, { kernelSize: 3, padding: 1, bias: false }),
  new BatchNorm2d(4),
  new IfNode(),
  new MaxPool2d(2),
  new Conv2d(4, 8, { kernelSize: 2, stride: 2, padding: 1, groups: 2 }),
  new BatchNorm2d(8),
  new LifNode(),
  ...answer(32),
]);
await train(events(12), () => [
  new Linear(12, 6),
  new BatchNorm1d(6, { affine: false }),
  new LifNode(),
  new Linear(6, 3),
  new LifNode(),
], { encoder: new EventEncoder() });

for (const connect of ["AND", "IAND"] as const) {
  const product = () => new Residual(spiking(), { connect });
  await train(pictures(12), () => [spiking(), product(), ...classes()]);
}

// The two networks of the command line's examples, as large as they are.
const flat = (...layers: Layer[]) => [new Flatten(), ...layers];
await train(pictures(1, 28, 28), () => flat(new Linear(784, 10, { bias: false }), new LifNode()), {
  encoder: new PoissonEncoder(),
  optimizer: new Adam(),
  timeSteps: 100,
});
await train(
  pictures(1, 28, 28),
  () => flat(new Linear(784, 800), new LifNode(), new Linear(800, 10), new LifNode()),
  { optimizer: new Adam() },
);
