import type { OptionValue } from "./option_kind.ts";

/** Options by their fields. */
type Recipe = Readonly<Record<string, OptionValue>>;

/** SpikingJelly's tutorial on recurrent connections: a picture's columns one after the other, 64 epochs. */
const SEQUENTIAL: Recipe = {
  dataset: "fashion-mnist",
  encoder: "columns",
  timeSteps: 28,
  neuron: "if",
  batchSize: 256,
  scheduler: "cosine",
  epochs: 64,
};
/** How it learns there. */
const SGD: Recipe = { optimizer: "sgd", learningRate: 0.1, momentum: 0.9 };

/** Options of trainings that have a name: what is given besides takes their place. */
export const RECIPES = {
  "mnist": {},
  "fashion-mnist": {
    dataset: "fashion-mnist",
    network: "32C3-BN-MP2-32C3-BN-MP2-512-10",
    neuron: "if",
    encoder: "direct",
    timeSteps: 4,
    scheduler: "cosine",
    epochs: 15,
  },
  "sequential-fashion-mnist": { ...SEQUENTIAL, ...SGD, network: "28-32-10" },
  "sequential-fashion-mnist-ss": { ...SEQUENTIAL, ...SGD, network: "28-32-SF-10" },
  // By SGD with a rate of 0.1 it falls back from time to time, to 40 % and less.
  "sequential-fashion-mnist-fb": {
    ...SEQUENTIAL,
    network: "28-32R-10",
    detachReset: true,
    optimizer: "adam",
    learningRate: 2e-3,
  },
  "nmnist": {
    dataset: "nmnist",
    network: "12C5-MP2-32C5-MP2-10",
    timeSteps: 16,
    epochs: 20,
  },
  "dvs-gesture": {
    dataset: "dvs-gesture",
    network: "32C3-BN-MP2-32C3-BN-MP2-32C3-BN-MP2-32C3-BN-MP2-32C3-BN-MP2-512-11",
    timeSteps: 16,
    batchSize: 16,
    scheduler: "cosine",
    epochs: 64,
  },
  "shd": {
    dataset: "shd",
    network: "700-256R-20LI",
    neuron: "cubalif",
    tau: 20,
    tauSyn: 10,
    timeSteps: 100,
    batchSize: 64,
    epochs: 50,
  },
} as const satisfies Readonly<Record<string, Recipe>>;
