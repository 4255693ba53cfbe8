import { losses } from "../../losses/mod.ts";
import { optimizers } from "../../optimizers/mod.ts";
import type { OnlyWith } from "./option.ts";
import { alternatives } from "./option_kind.ts";
import { isNirFile } from "./nir_options.ts";
import { givesSpikes, keysOf, type NeuronChoice, type TrainRow } from "./row.ts";

/** How the learning rate varies. */
interface SchedulerChoice {
  readonly scheduler: string;
}

/** How many epochs there are, and in how many of them the learning rate rises. */
interface Epochs {
  readonly epochs: number;
  readonly warmUp: number;
}

/** The factors of a fall. */
const GAMMAS: Readonly<Record<string, string>> = { step: "0.1", exponential: "0.95" };

const schedulersOnly = (...choices: string[]): OnlyWith<SchedulerChoice> => ({
  field: "scheduler",
  choices,
});

/** How `train` learns. */
export const LEARNING_OPTIONS = [
  {
    field: "loss",
    names: ["loss"],
    kind: { type: "choice", choices: Object.keys(losses) },
    fallback: {
      text: "rateMse; crossEntropy of values, as with --neuron none",
      of: (options: NeuronChoice) => givesSpikes(options) ? "rateMse" : "crossEntropy",
    },
    help:
      "What is made small; crossEntropy and valueMse read numbers, temporalCrossEntropy either, the others spikes",
    check: checkLoss,
  },
  {
    field: "optimizer",
    names: ["opt"],
    kind: { type: "choice", choices: keysOf(optimizers) },
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
      of: ({ optimizer }: { readonly optimizer: string }) => optimizer === "adamw" ? "0.01" : "0",
    },
    help: "How strongly parameters decay",
  },
  {
    field: "scheduler",
    names: ["scheduler"],
    kind: {
      type: "choice",
      choices: ["none", "step", "exponential", "cosine", "linear"],
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
      of: ({ scheduler }: SchedulerChoice): string | undefined => GAMMAS[scheduler],
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
      of: ({ scheduler, epochs, warmUp }: SchedulerChoice & Epochs) =>
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
    check: ({ warmUp, epochs }: Epochs) =>
      warmUp === 0 || warmUp < epochs
        ? undefined
        : `must be less than --epoch, which is ${epochs}: given ${warmUp}`,
  },
] as const satisfies readonly TrainRow[];

/** The losses that read numbers, and no spikes. */
const VALUE_LOSSES = ["crossEntropy", "valueMse"];
/** The losses that read either. */
const EITHER_LOSSES = ["temporalCrossEntropy"];

function checkLoss(options: NeuronChoice & { readonly loss: string }): string | undefined {
  const { loss, network } = options;
  // What a file's network ends in isn't known here.
  if (isNirFile(network) || EITHER_LOSSES.includes(loss)) return undefined;
  if (givesSpikes(options) !== VALUE_LOSSES.includes(loss)) return undefined;
  return givesSpikes(options)
    ? `must be one that reads spikes, unless with --neuron none or li: given "${loss}"`
    : `must be ${
      alternatives([...VALUE_LOSSES, ...EITHER_LOSSES].sort())
    } for a network that ends ` +
      `in values: given "${loss}"`;
}
