/**
 * Networks of any layers in float64, forward and backward, in the plainest way: every signal is
 * [T][batch][size], whatever it is on the device.
 */

import { Dropout, Flatten, LifNode, Linear, Residual, Sequential } from "../../mod.ts";
import { type Layer, sizeOf } from "../../src/extend.ts";
import { hash, hashAll } from "../../src/core/random.ts";

/** What all layers of a network share. */
export interface Run {
  readonly timeSteps: number;
  readonly batch: number;
  /** The key of the step's random numbers. */
  readonly key: number;
  /** What is learned, by the paths of layers: numbers as they lie on the device. */
  readonly parameters: ReadonlyMap<string, ArrayLike<number>>;
  /** Where the gradients go, by the same paths. */
  readonly gradients: Map<string, Float64Array>;
  /** How near any potential came to its threshold: nearer than rounding, spikes may differ. */
  nearest: number;
}

/** A layer that ran. */
interface Ran {
  /** What came out. */
  readonly output: Float64Array;
  /** The gradient of what came in. */
  backward(gradient: Float64Array): Float64Array;
}

/**
 * Runs a layer.
 *
 * @param run What all layers share.
 * @param path Where the layer stands.
 * @param layer The layer.
 * @param x What comes in.
 * @param size Numbers of a sample at one time step.
 * @returns What came out, and the way back.
 */
export function runLayer(
  run: Run,
  path: string,
  layer: Layer,
  x: Float64Array,
  size: number,
): Ran {
  if (layer instanceof Flatten) return { output: x, backward: (gradient) => gradient };
  if (layer instanceof Linear) return runLinear(run, path, layer, x);
  if (layer instanceof LifNode) return runLif(run, layer, x);
  if (layer instanceof Dropout) return runDropout(run, path, layer, x);
  if (layer instanceof Residual) {
    const inner = runLayer(run, `${path}.inner`, layer.inner, x, size);
    return {
      output: x.map((value, i) => value + inner.output[i]!),
      backward: (gradient) => {
        const back = inner.backward(gradient);
        return gradient.map((g, i) => g + back[i]!);
      },
    };
  }
  if (!(layer instanceof Sequential)) throw new TypeError(`there is no reference of ${layer.kind}`);
  const ran: Ran[] = [];
  let own = size;
  for (const [i, each] of layer.layers.entries()) {
    ran.push(runLayer(run, `${path}.${i}`, each, ran.at(-1)?.output ?? x, own));
    own = sizeOf(each.outputShape([own]));
  }
  return {
    output: ran.at(-1)!.output,
    backward: (gradient) => ran.reduceRight((back, each) => each.backward(back), gradient),
  };
}

function runLinear(
  { parameters, gradients }: Run,
  path: string,
  { inputs, outputs, bias }: Linear,
  x: Float64Array,
): Ran {
  const w = parameters.get(path)!;
  const rows = x.length / inputs;
  const output = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      let sum = bias ? w[inputs * outputs + o]! : 0;
      for (let i = 0; i < inputs; i++) sum += x[row * inputs + i]! * w[i * outputs + o]!;
      output[row * outputs + o] = sum;
    }
  }
  return {
    output,
    backward(gradient) {
      const own = new Float64Array(w.length);
      const back = new Float64Array(x.length);
      for (let row = 0; row < rows; row++) {
        for (let o = 0; o < outputs; o++) {
          const g = gradient[row * outputs + o]!;
          if (bias) own[inputs * outputs + o]! += g;
          for (let i = 0; i < inputs; i++) {
            own[i * outputs + o]! += x[row * inputs + i]! * g;
            back[row * inputs + i]! += w[i * outputs + o]! * g;
          }
        }
      }
      gradients.set(path, own);
      return back;
    },
  };
}

function runLif(run: Run, layer: LifNode, x: Float64Array): Ran {
  const { timeSteps } = run;
  const { vThreshold, vReset, vInit, detachReset, surrogate } = layer.options;
  if (typeof vThreshold !== "number" || typeof vReset !== "number" || vInit !== vReset) {
    throw new TypeError("the reference has one threshold for all neurons, and starts at the reset");
  }
  const k = 1 / Number(layer.tau);
  const neurons = x.length / timeSteps;
  const h = new Float64Array(x.length);
  const output = new Float64Array(x.length);
  for (let n = 0; n < neurons; n++) {
    let v = vReset;
    for (let t = 0; t < timeSteps; t++) {
      const at = t * neurons + n;
      h[at] = v + (x[at]! - (v - vReset)) * k;
      run.nearest = Math.min(run.nearest, Math.abs(h[at]! - vThreshold));
      output[at] = Number(h[at]! >= vThreshold);
      v = output[at] ? vReset : h[at]!;
    }
  }
  return {
    output,
    backward(gradient) {
      const back = new Float64Array(x.length);
      for (let n = 0; n < neurons; n++) {
        let gv = 0;
        for (let t = timeSteps - 1; t >= 0; t--) {
          const at = t * neurons + n;
          const slope = surrogate.gradient(h[at]! - vThreshold);
          const keeps = 1 - output[at]! + (detachReset ? 0 : (vReset - h[at]!) * slope);
          const gh = gradient[at]! * slope + gv * keeps;
          back[at] = gh * k;
          gv = gh * (1 - k);
        }
      }
      return back;
    },
  };
}

/** The twin of kernels/dropout/keep.wgsl: one decision for all time steps of a number. */
function runDropout({ timeSteps, key }: Run, path: string, { p }: Dropout, x: Float64Array): Ran {
  const word = hashAll(...Array.from(`${path} dropout`, (c) => c.codePointAt(0)!));
  const neurons = x.length / timeSteps;
  const factors = Float64Array.from(
    { length: neurons },
    (_, n) => hash(hash(n) ^ hash(key ^ word)) >= Math.round(p * 2 ** 32) ? 1 / (1 - p) : 0,
  );
  const masked = (values: Float64Array) =>
    values.map((value, at) => value * factors[at % neurons]!);
  return { output: masked(x), backward: masked };
}
