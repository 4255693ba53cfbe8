import { encoders } from "../../encoders/mod.ts";
import { EVENT_DATASETS } from "../network/datasets.ts";
import { makeSurrogate, surrogates } from "../../surrogate/mod.ts";
import { NotationError, parseNotation } from "../network/notation.ts";
import { isNirFile } from "./nir_options.ts";
import {
  isSpiking,
  keysOf,
  leaksOnly,
  type NeuronChoice,
  NEURONS,
  spikesOnly,
  type TrainRow,
} from "./row.ts";

/** Neurons of each hidden layer. */
interface Hidden {
  readonly hidden: readonly number[];
}

/** The surrogate gradient. */
interface SurrogateChoice {
  readonly surrogate: string;
}

/** The data set. */
interface DatasetChoice {
  readonly dataset: string;
}

/** What `train` builds. */
export const NETWORK_OPTIONS = [
  {
    field: "hidden",
    names: ["hidden"],
    kind: { type: "integers", least: 1, most: 65536 },
    fallback: "none",
    help: "Neurons of each hidden layer; layers then have a bias",
    check: (options: NeuronChoice & Hidden) =>
      isSpiking(options) || options.hidden.length === 0
        ? undefined
        : "needs spiking neurons: with --neuron none or li there is nothing between the layers, so " +
          "that they would be no more than one",
  },
  {
    field: "network",
    names: ["network"],
    kind: { type: "text", placeholder: "LAYERS" },
    help:
      "The network in the notation of papers, instead of --hidden: 32C3 is a convolution of 32 " +
      "channels and 3 x 3 places, BN batch normalization, MP2 and AP2 pool, 512 is a layer of neurons, " +
      "256R one whose neurons hear each other, 32L no neurons, SF a synapse filter, 10LI neurons that don't fire",
    check: checkNetwork,
  },
  {
    field: "encoder",
    names: ["encoder"],
    kind: { type: "choice", choices: keysOf(encoders) },
    fallback: {
      text: "poisson; direct with --neuron none; events for data sets of them",
      of: (options: NeuronChoice & DatasetChoice) =>
        EVENT_DATASETS.includes(options.dataset)
          ? "events"
          : options.neuron === "none"
          ? "direct"
          : "poisson",
    },
    help:
      "How images become spikes; direct gives the image at each time step, columns one column at each",
    check: checkEncoder,
  },
  {
    field: "neuron",
    names: ["neuron"],
    kind: { type: "choice", choices: [...NEURONS, "none"] },
    fallback: "lif",
    check: ({ neuron, dataset }: NeuronChoice & DatasetChoice) =>
      neuron === "none" && EVENT_DATASETS.includes(dataset)
        ? `must be of a spiking kind for events: --dataset is ${dataset}`
        : undefined,
    help:
      "Kind of neurons: li doesn't fire; none trains the same layer as an ordinary network, without spikes",
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
    check: (_: unknown, given: ReadonlySet<string>) =>
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
    field: "resetDelay",
    names: ["reset-delay"],
    kind: { type: "flag" },
    help:
      "A soft reset subtracts in the next step, after the decay, as snnTorch's; no gradient passes it",
    only: { field: "neuron", choices: spikesOnly.choices.filter((kind) => kind !== "alif") },
    check: (_: unknown, given: ReadonlySet<string>) =>
      given.has("softReset") ? undefined : "goes with --soft-reset",
    optionalInFiles: true,
  },
  {
    field: "noDecayInput",
    names: ["no-decay-input"],
    kind: { type: "flag" },
    help: "The neurons' input isn't divided by tau; that of cubalif never is",
    only: { field: "neuron", choices: leaksOnly.choices.filter((kind) => kind !== "cubalif") },
  },
  {
    field: "tauSyn",
    names: ["tau-syn"],
    kind: { type: "number", above: 1 },
    fallback: "2.0",
    help:
      "Time constant of synapses, in time steps: of cubalif's, and where SF's learned one begins",
    check: ({ neuron, network }: NeuronChoice) =>
      neuron === "cubalif" || /-SF-/i.test(network ?? "")
        ? undefined
        : "goes with --neuron cubalif, or with a --network that has SF",
    optionalInFiles: true,
  },
  {
    field: "tauAdapt",
    names: ["tau-adapt"],
    kind: { type: "number", least: 1 },
    fallback: "20",
    help: "Time constant by which a threshold falls back, in time steps",
    only: { field: "neuron", choices: ["alif"] },
    optionalInFiles: true,
  },
  {
    field: "beta",
    names: ["beta"],
    kind: { type: "number" },
    fallback: "1.8",
    help: "How much a neuron that fired at each step would raise its threshold",
    only: { field: "neuron", choices: ["alif"] },
    optionalInFiles: true,
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
      of: ({ surrogate }: SurrogateChoice) =>
        makeSurrogate(surrogate).parameters["alpha"]?.toString(),
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
    check: ({ hidden }: Hidden) =>
      hidden.length > 0 ? undefined : "needs hidden layers, as with --hidden 500",
  },
] as const satisfies readonly TrainRow[];

/** What a network says of itself that is in a file: all but what comes in. */
export const FILE_DECIDES: readonly string[] = [
  "tau",
  ...NETWORK_OPTIONS.map(({ field }) => field).filter((field) => field !== "encoder"),
];

function checkEncoder(
  options: NeuronChoice & DatasetChoice & { readonly encoder: string },
): string | undefined {
  const { dataset, encoder } = options;
  if (EVENT_DATASETS.includes(dataset) !== (encoder === "events")) {
    return `${encoder} doesn't go with --dataset ${dataset}`;
  }
  return options.neuron !== "none" || encoder === "direct"
    ? undefined
    : `must be direct with --neuron none: given "${encoder}"`;
}

function checkNetwork(
  options: NeuronChoice & { readonly network?: string },
  given: ReadonlySet<string>,
): string | undefined {
  if (given.has("hidden")) return "doesn't go with --hidden";
  if (!isSpiking(options)) return "needs spiking neurons, which come after each of its layers";
  // A file's network is in the checkpoint that `import` made of it.
  if (isNirFile(options.network)) return undefined;
  try {
    parseNotation(options.network!);
    return undefined;
  } catch (error) {
    if (!(error instanceof NotationError)) throw error;
    return `names no network: ${error.reason}\n${error.pointer}`;
  }
}

function checkAlpha(
  { surrogate, alpha }: SurrogateChoice & { readonly alpha?: number },
): string | undefined {
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
