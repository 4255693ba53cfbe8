/** Parallel spiking neurons in float64, in the plainest way. */

import { MaskedPsn, type ParallelNeurons, Psn, SlidingPsn } from "../../mod.ts";

/** Neurons that ran. */
interface RanParallel {
  /** What they fired, `[T][neurons]`. */
  readonly output: Float64Array;
  /** How near any charge came to 0. */
  readonly nearest: number;
  /** The gradients of what came in, and of weights and bias. */
  backward(gradient: Float64Array): { back: Float64Array; own: Float64Array };
}

/**
 * Runs parallel neurons.
 *
 * @param layer The neurons.
 * @param parameters Weights, then the bias.
 * @param x What comes in, `[T][neurons]`.
 * @param timeSteps T.
 * @param endOf After how many time steps a neuron's sample ends; by default T.
 * @returns What they fired, and the way back.
 */
export function runParallel(
  layer: ParallelNeurons,
  parameters: ArrayLike<number>,
  x: Float64Array,
  timeSteps: number,
  endOf: (n: number) => number = () => timeSteps,
): RanParallel {
  const neurons = x.length / timeSteps;
  const h = new Float64Array(x.length);
  /** Calls back for each weight between an input and a charge: where it is, and how much of it counts. */
  const each = (n: number, use: (s: number, t: number, at: number, factor: number) => void) => {
    for (let t = 0; t < endOf(n); t++) {
      for (let s = 0; s < endOf(n); s++) {
        const { at, factor } = weightOf(layer, t, s);
        if (factor !== 0) use(s * neurons + n, t * neurons + n, at, factor);
      }
    }
  };
  const biasOf = (t: number) => layer instanceof SlidingPsn ? layer.k : timeSteps * timeSteps + t;
  const output = new Float64Array(x.length);
  let nearest = Infinity;
  for (let n = 0; n < neurons; n++) {
    for (let t = 0; t < endOf(n); t++) h[t * neurons + n] = parameters[biasOf(t)]!;
    each(n, (s, t, at, factor) => h[t]! += factor * parameters[at]! * x[s]!);
    for (let t = 0; t < endOf(n); t++) {
      const charge = h[t * neurons + n]!;
      nearest = Math.min(nearest, Math.abs(charge));
      output[t * neurons + n] = Number(charge >= 0);
    }
  }
  return {
    output,
    nearest,
    backward(gradient) {
      const gh = gradient.map((g, i) => g * layer.surrogate.gradient(h[i]!));
      const back = new Float64Array(x.length);
      const own = new Float64Array(parameters.length);
      for (let n = 0; n < neurons; n++) {
        for (let t = 0; t < endOf(n); t++) own[biasOf(t)]! += gh[t * neurons + n]!;
        each(n, (s, t, at, factor) => {
          back[s]! += factor * parameters[at]! * gh[t]!;
          own[at]! += factor * gh[t]! * x[s]!;
        });
      }
      return { back, own };
    },
  };
}

/** The weight of input s in charge t: where it is among the parameters, and how much of it counts. */
function weightOf(layer: ParallelNeurons, t: number, s: number): { at: number; factor: number } {
  if (layer instanceof SlidingPsn) {
    const seen = s <= t && s > t - layer.k;
    return { at: s - t + layer.k - 1, factor: Number(seen) };
  }
  if (!(layer instanceof Psn)) throw new TypeError(`there is no reference of ${layer.kind}`);
  const at = t * layer.timeSteps + s;
  if (!(layer instanceof MaskedPsn)) return { at, factor: 1 };
  const seen = s <= t && s > t - layer.k;
  return { at, factor: seen ? 1 : 1 - Math.min(layer.lambda, 1) };
}
