import {
  Adam,
  AlifNode,
  BatchNorm1d,
  DirectEncoder,
  Dropout,
  LifNode,
  Linear,
  ParametricLifNode,
  PoissonEncoder,
  rateMse,
  Recurrent,
  Sequential,
  Sgd,
  SynapseFilter,
} from "../../mod.ts";
import { randomPictures, type TrainingOptions } from "./training.ts";

/** Fifty small pictures of three classes: ten batches of five. */
export const PICTURES = randomPictures({ count: 50, shape: [12], classes: 3, seed: 5 });

/** A network and how it is trained. */
export interface TrainingCase {
  readonly name: string;
  readonly network: () => Sequential;
  readonly options: TrainingOptions;
}

/** A network that runs as one kernel a step, and ones of several layers with all kinds of parameters. */
export const CASES: readonly TrainingCase[] = [
  {
    name: "one layer, Adam",
    network: () => new Sequential([new Linear(12, 3, { bias: false }), new LifNode()]),
    options: {
      input: [12],
      encoder: new PoissonEncoder(),
      timeSteps: 10,
      batchSize: 5,
      loss: rateMse(),
      optimizer: new Adam({ learningRate: 0.05 }),
    },
  },
  {
    name: "two layers, SGD with momentum",
    network: () =>
      new Sequential([
        new Linear(12, 7),
        new ParametricLifNode(),
        new Linear(7, 3),
        new LifNode({ detachReset: true }),
      ]),
    options: {
      input: [12],
      encoder: new DirectEncoder(),
      timeSteps: 6,
      batchSize: 5,
      loss: rateMse(),
      optimizer: new Sgd({ learningRate: 0.5, momentum: 0.9 }),
      seed: 7,
    },
  },
  {
    name: "two layers and dropout, Adam",
    network: () =>
      new Sequential([
        new Linear(12, 9),
        new LifNode({ vThreshold: 0.2 }),
        new Dropout(0.2),
        new Linear(9, 3),
        new LifNode({ vThreshold: 0.1 }),
      ]),
    options: {
      input: [12],
      encoder: new PoissonEncoder(),
      timeSteps: 9,
      batchSize: 5,
      loss: rateMse(),
      optimizer: new Adam({ learningRate: 0.02 }),
    },
  },
  {
    name: "a norm, SGD with momentum",
    network: () =>
      new Sequential([
        new Linear(12, 6, { bias: false }),
        new BatchNorm1d(6),
        new LifNode({ vThreshold: 0.3 }),
        new Linear(6, 3),
        new LifNode({ vThreshold: 0.3 }),
      ]),
    options: {
      input: [12],
      encoder: new DirectEncoder(),
      timeSteps: 6,
      batchSize: 5,
      loss: rateMse(),
      optimizer: new Sgd({ learningRate: 0.5, momentum: 0.9 }),
      seed: 7,
    },
  },
  {
    name: "a recurrent layer and a synapse filter, Adam",
    network: () =>
      new Sequential([
        new Linear(12, 9),
        new Recurrent(new AlifNode({ tau: { learned: 3 }, vThreshold: 0.2 })),
        new SynapseFilter({ tau: { learned: 4 } }),
        new Linear(9, 3),
        new LifNode({ vThreshold: 0.1 }),
      ]),
    options: {
      input: [12],
      encoder: new PoissonEncoder(),
      timeSteps: 9,
      batchSize: 5,
      loss: rateMse(),
      optimizer: new Adam({ learningRate: 0.02 }),
    },
  },
];
