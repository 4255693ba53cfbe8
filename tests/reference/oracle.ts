/**
 * What the kernels must compute, in float64 and in the plainest way: one sample, one time step, one
 * neuron after the other.
 */

import { hash, Random } from "../../src/core/random.ts";
import { eventTime } from "../../src/core/time.ts";
import type { Surrogate } from "../../mod.ts";

export interface Neuron {
  tau: number;
  vThreshold: number;
  vReset: number | null;
  decayInput: boolean;
  detachReset: boolean;
  resetDelay?: boolean;
  surrogate: Surrogate;
}

export interface Problem {
  timeSteps: number;
  features: number;
  outputs: number;
  bias: boolean;
  neuron: Neuron;
  /** Whether the images are the current themselves rather than Poisson-coded. */
  direct: boolean;
  key: number;
  /** Pixels [batch][features]. */
  images: Uint8Array[];
  labels: number[];
  /** Weight [features][outputs], then bias. */
  parameters: ArrayLike<number>;
}

export interface Solution {
  /** [T][batch * outputs] */
  spikes: Uint8Array;
  gradient: Float64Array;
  loss: number;
  correct: number;
  /** How near any potential comes to the threshold: nearer than rounding, spikes may differ. */
  nearest: number;
}

/** The time steps at which a pixel of a sample spikes: the twin of kernels/encoder/poisson.wgsl. */
export function poissonSpikes(
  sample: number,
  feature: number,
  features: number,
  value: number,
  key: number,
  timeSteps: number,
): Uint8Array {
  if (value === 0) return new Uint8Array(timeSteps);
  const { wordSteps } = eventTime(timeSteps);
  const seed = hash((Math.imul(sample, features) + feature) ^ key);
  const up = (hash(seed ^ 0x5bd1e995) >>> 16) * 255 < value * 65536;
  const threshold = value + Number(up);
  const spikes = new Uint8Array(timeSteps);
  for (let t = 0; t < timeSteps; t++) {
    const word = Math.floor(t / wordSteps);
    let below = 0;
    for (let k = 0; k < 8; k++) {
      const random = hash(seed + Math.imul(0x9e3779b9, word * 8 + k + 1)) >>> t % wordSteps & 1;
      below = random + below + (threshold >>> k & 1) >= 2 ? 1 : 0;
    }
    spikes[t] = threshold >= 256 ? 1 : below;
  }
  return spikes;
}

export function solve(problem: Problem): Solution {
  const { timeSteps: T, features, outputs, neuron, images, labels, parameters } = problem;
  const { vThreshold: threshold, vReset, decayInput, detachReset, resetDelay, surrogate } = neuron;
  const k = 1 / neuron.tau;
  const rest = vReset ?? 0;
  const batch = images.length;
  const spikes = new Uint8Array(T * batch * outputs);
  const gradient = new Float64Array(parameters.length);
  let loss = 0, correct = 0, nearest = Infinity;
  images.forEach((image, b) => {
    const input = Array.from(
      image,
      (value, i) =>
        problem.direct
          ? new Array<number>(T).fill(value / 255)
          : poissonSpikes(b, i, features, value, problem.key, T),
    );
    const rates: number[] = [];
    for (let o = 0; o < outputs; o++) {
      const h = new Float64Array(T);
      let v = rest, count = 0;
      for (let t = 0; t < T; t++) {
        let x = problem.bias ? parameters[features * outputs + o]! : 0;
        for (let i = 0; i < features; i++) x += input[i]![t]! * parameters[i * outputs + o]!;
        h[t] = decayInput ? v + (x - (v - rest)) * k : v - (v - rest) * k + x;
        if (resetDelay && v >= threshold) h[t]! -= threshold;
        nearest = Math.min(nearest, Math.abs(h[t]! - threshold));
        const s = h[t]! >= threshold;
        if (s) spikes[(t * batch + b) * outputs + o] = 1, count++;
        v = !s || resetDelay ? h[t]! : vReset === null ? h[t]! - threshold : vReset;
      }
      rates.push(count / T);
      const difference = count / T - Number(labels[b] === o);
      loss += difference ** 2 / outputs;
      const gs = 2 * difference / (batch * outputs * T);
      let gv = 0;
      for (let t = T - 1; t >= 0; t--) {
        const s = h[t]! >= threshold ? 1 : 0;
        const sg = surrogate.gradient(h[t]! - threshold);
        const dvdh = vReset === null
          ? 1 - (detachReset ? 0 : threshold * sg)
          : 1 - s + (detachReset ? 0 : (vReset - h[t]!) * sg);
        const gh = gs * sg + gv * dvdh;
        const gx = decayInput ? gh * k : gh;
        gv = gh * (1 - k);
        for (let i = 0; i < features; i++) gradient[i * outputs + o]! += input[i]![t]! * gx;
        if (problem.bias) gradient[features * outputs + o]! += gx;
      }
    }
    if (rates.indexOf(Math.max(...rates)) === labels[b]) correct++;
  });
  return { spikes, gradient, loss, correct, nearest };
}

/** A problem of random images, labels and weights. */
export function randomProblem(
  shape: { timeSteps: number; batch: number; features: number; outputs: number; bias: boolean },
  neuron: Neuron,
  seed: number,
  direct = false,
): Problem {
  const { timeSteps, batch, features, outputs, bias } = shape;
  const random = new Random(seed);
  const pixel = () => random.below(3) === 0 ? random.below(256) : 0;
  const scale = (direct ? 8 : 4) / Math.sqrt(features);
  return {
    timeSteps,
    features,
    outputs,
    bias,
    neuron,
    direct,
    key: random.word(),
    images: Array.from({ length: batch }, () => Uint8Array.from({ length: features }, pixel)),
    labels: Array.from({ length: batch }, () => random.below(outputs)),
    parameters: Float32Array.from(
      { length: (features + Number(bias)) * outputs },
      () => random.uniform(-0.7 * scale, scale),
    ),
  };
}
