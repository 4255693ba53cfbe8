import type { Loss } from "../core/loss.ts";
import type { NetworkCounts } from "./counts.ts";

/** Options of {@linkcode Model.evaluate}. */
export interface EvaluateOptions {
  /** The loss to be computed; by default none is, and the mean loss is 0. */
  readonly loss?: Loss | undefined;
  /**
   * Whether what the network has to do is counted: spikes, synaptic operations, multiplications.
   *
   * @default {false}
   */
  readonly count?: boolean;
}

/** What a set of samples gave. */
export interface Evaluation {
  /** Mean loss; 0 where no loss was asked for. */
  readonly loss: number;
  /** Correctly classified samples, 0 to 1. */
  readonly accuracy: number;
  /** The class that each sample was given, `[samples]`. */
  readonly answers: Uint32Array<ArrayBuffer>;
  /** How many samples of each class were given which, `[classes][classes]`: row label, column answer. */
  readonly confusion: Uint32Array<ArrayBuffer>;
  /** How each layer of neurons fired; empty without any. */
  readonly firing: readonly LayerFiring[];
  /** What the network had to do, where it was asked for by `count`. */
  readonly counts?: NetworkCounts;
}

/** How a layer of neurons fired. */
export interface LayerFiring {
  /** The layer's path in the network, such as "layer.2". */
  readonly layer: string;
  /** The kind of neurons. */
  readonly kind: string;
  /** Spikes per time step of each neuron, mean over the samples, `[...shape]`. */
  readonly rates: Float32Array<ArrayBuffer>;
  /** The mean of `rates`. */
  readonly meanRate: number;
  /** How many neurons never fired, for any sample. */
  readonly silent: number;
  /** How many neurons fired at each time step of each sample. */
  readonly saturated: number;
}

/**
 * How a layer fired, from its sums.
 *
 * @param layer The layer and its kind.
 * @param spikeSums Spikes of each neuron over all samples, `[...shape]`.
 * @param steps Time steps that each neuron was simulated for, over all samples.
 * @returns The rates.
 */
export function layerFiring(
  { layer, kind }: Pick<LayerFiring, "layer" | "kind">,
  spikeSums: Uint32Array,
  steps: number,
): LayerFiring {
  const rates = Float32Array.from(spikeSums, (sum) => sum / steps);
  const total = spikeSums.reduce((sum, spikes) => sum + spikes, 0);
  const silent = spikeSums.reduce((count, spikes) => count + Number(spikes === 0), 0);
  const saturated = spikeSums.reduce((count, spikes) => count + Number(spikes === steps), 0);
  return { layer, kind, rates, meanRate: total / steps / spikeSums.length, silent, saturated };
}

/**
 * Counts which class was given for which.
 *
 * @param labels The right classes.
 * @param answers The given ones.
 * @param classes How many classes there are.
 * @returns `[classes][classes]`: row label, column answer.
 */
export function confusionOf(
  labels: ArrayLike<number>,
  answers: Uint32Array,
  classes: number,
): Uint32Array<ArrayBuffer> {
  const confusion = new Uint32Array(classes * classes);
  answers.forEach((answer, i) => confusion[labels[i]! * classes + answer]!++);
  return confusion;
}
