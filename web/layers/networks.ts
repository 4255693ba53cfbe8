import type { Grid } from "../number_pictures.ts";

/** What the page says and shows of a network. */
export interface ShownNetwork {
  /** How its layers are written, as `train --network` takes them. */
  readonly notation: string;
  /** What it does, in a few sentences. */
  readonly about: string;
  /** The weights that are shown. */
  readonly weights: ShownWeights;
  /** The layers whose spikes are shown, by their paths. */
  readonly hidden: readonly { readonly path: string; readonly title: string }[];
  /** Whether the digit comes in over time, column by column, so that it is drawn above the spikes. */
  readonly isSequence: boolean;
}

/** A layer's weights as pictures, one for each of its neurons or channels. */
export interface ShownWeights extends Grid {
  /** The parameter. */
  readonly path: string;
  /** What they are. */
  readonly title: string;
}

/** A digit that comes in over time, and the weights of who sees its columns. */
const SEQUENCE = {
  weights: {
    path: "layer.0.weight",
    title: "What the neurons wait for: the weights of each one's 28 pixels, top to bottom",
    height: 28,
    width: 1,
  },
  isSequence: true,
} as const;

/** Networks that a visitor may choose, by the values of the page's list. */
export const NETWORKS = {
  columns: {
    notation: "28-64R-10, columns, T 28",
    about:
      "The digit comes in as a sequence: at each of 28 time steps the network sees one column of " +
      "it, from left to right. 64 neurons hear that column and, through learned weights, who of them " +
      "fired at the step before: so they remember what has passed. The whole loop over time is one " +
      "kernel on the graphics processor.",
    ...SEQUENCE,
    hidden: [{ path: "layer.1", title: "64 neurons that hear each other" }],
  },
  deaf: {
    notation: "28-64-10, columns, T 28",
    about: "The same sequence for neurons that don't hear each other: all that one keeps of the " +
      "columns before is its own potential, which fades. After an epoch fewer digits are read than " +
      "where they do hear each other.",
    ...SEQUENCE,
    hidden: [{ path: "layer.1", title: "64 neurons that hear the column alone" }],
  },
  convolutions: {
    notation: "8C5-MP2-16C5-MP2-10, T 4",
    about:
      "Eight filters of 5 × 5 pixels run over the digit, and neurons fire wherever a filter finds " +
      "its pattern; a pool keeps whether any of four neighbours did. Sixteen filters more look at the " +
      "spikes of those eight. The picture is shown as it is for four time steps.",
    weights: {
      path: "layer.0.weight",
      title: "The eight filters of the first convolution",
      height: 5,
      width: 5,
    },
    hidden: [
      { path: "layer.1", title: "8 maps of 24 × 24 neurons" },
      { path: "layer.4", title: "16 maps of 8 × 8 neurons" },
    ],
    isSequence: false,
  },
  hidden: {
    notation: "784-100-10, Poisson spikes, T 32",
    about:
      "Pixels send spikes at random, the more the brighter they are. A hundred neurons hear all of " +
      "them, and ten hear the hundred. The hidden neurons' weights begin as noise and come to look " +
      "like strokes.",
    weights: {
      path: "layer.1.weight",
      title: "What the hidden neurons wait for: the weights of each one's 784 pixels",
      height: 28,
      width: 28,
      columns: 20,
    },
    hidden: [{ path: "layer.2", title: "100 neurons" }],
    isSequence: false,
  },
} as const satisfies Readonly<Record<string, ShownNetwork>>;

/** What a visitor may choose. */
export interface Settings {
  /** What all random numbers follow from: an integer of 0 to 2^32 - 1. */
  readonly seed: number;
  /** Which network. */
  readonly network: keyof typeof NETWORKS;
}

/**
 * Reads what the visitor chose.
 *
 * @param form The form with `seed` and `network`, valid.
 * @returns The settings.
 */
export function readSettings(form: HTMLFormElement): Settings {
  const element = (name: string) =>
    form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
  return {
    seed: Number(element("seed").value),
    network: element("network").value as keyof typeof NETWORKS,
  };
}
