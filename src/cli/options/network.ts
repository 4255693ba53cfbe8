import { encoders } from "../../encoders/mod.ts";
import { makeSurrogate, surrogates } from "../../surrogate/mod.ts";
import { NotationError, parseNotation } from "../network/notation.ts";
import { isNirFile } from "./nir_options.ts";
import {
  isSpiking,
  keysOf,
  leaksOnly,
  type NeuronChoice,
  spikesOnly,
  SPIKING,
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
        : "needs spiking neurons: with --neuron none there is nothing between the layers, so " +
          "that they would be no more than one",
  },
  {
    field: "network",
    names: ["network"],
    kind: { type: "text", placeholder: "LAYERS" },
    help:
      "The network in the notation of papers, instead of --hidden: 32C3 is a convolution of 32 " +
      "channels and 3 x 3 places, BN batch normalization, MP2 and AP2 pool, 512 is a layer of neurons",
    check: checkNetwork,
  },
  {
    field: "encoder",
    names: ["encoder"],
    // Data sets of the command are pictures.
    kind: { type: "choice", choices: keysOf(encoders).filter((name) => name !== "events") },
    fallback: {
      text: "poisson; direct with --neuron none",
      of: (options: NeuronChoice) => isSpiking(options) ? "poisson" : "direct",
    },
    help:
      "How images become spikes; direct gives the image at each time step, columns one column at each",
    check: (options: NeuronChoice & { readonly encoder: string }) =>
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
