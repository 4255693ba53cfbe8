/**
 * Networks of any layers in float64, forward and backward, in the plainest way: every signal is
 * [T][batch][size], whatever it is on the device.
 */

import {
  AvgPool2d,
  Dropout,
  Dropout2d,
  Flatten,
  LifNode,
  Linear,
  MaxPool2d,
  ParallelNeurons,
  Pool,
  Recurrent,
  Residual,
  Sequential,
  SumPool2d,
} from "../../mod.ts";
import type { Layer, Shape } from "../../src/extend.ts";
import { hash, hashAll } from "../../src/core/random.ts";
import { runParallel } from "./parallel.ts";
import { type PoolCase, runPool } from "./pool.ts";

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
 * @param shape What a sample has at one time step.
 * @returns What came out, and the way back.
 */
export function runLayer(
  run: Run,
  path: string,
  layer: Layer,
  x: Float64Array,
  shape: Shape,
): Ran {
  if (layer instanceof Flatten) return { output: x, backward: (gradient) => gradient };
  if (layer instanceof Linear) return runLinear(run, path, layer, x);
  if (layer instanceof LifNode) return runLif(run, layer, x);
  if (layer instanceof ParallelNeurons) {
    const { timeSteps, parameters, gradients } = run;
    const ran = runParallel(layer, parameters.get(path)!, x, timeSteps);
    run.nearest = Math.min(run.nearest, ran.nearest);
    return {
      output: ran.output,
      backward(gradient) {
        const { back, own } = ran.backward(gradient);
        gradients.set(path, own);
        return back;
      },
    };
  }
  if (layer instanceof Recurrent) return runRecurrent(run, path, layer, x, shape);
  if (layer instanceof Dropout) return runDropout(run, path, layer, x, 1);
  if (layer instanceof Dropout2d) return runDropout(run, path, layer, x, shape[1]! * shape[2]!);
  if (layer instanceof Pool) return runPoolLayer(layer, x, shape);
  if (layer instanceof Residual) {
    const inner = runLayer(run, `${path}.inner`, layer.inner, x, shape);
    const shortcut: Ran = layer.shortcut
      ? runLayer(run, `${path}.shortcut`, layer.shortcut, x, shape)
      : { output: x, backward: (gradient) => gradient };
    return connect(layer, shortcut, inner);
  }
  if (!(layer instanceof Sequential)) throw new TypeError(`there is no reference of ${layer.kind}`);
  const ran: Ran[] = [];
  let own = shape;
  for (const [i, each] of layer.layers.entries()) {
    ran.push(runLayer(run, `${path}.${i}`, each, ran.at(-1)?.output ?? x, own));
    own = each.outputShape(own);
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

/** One time step after the other: each is charged by what all fired at the one before. */
function runRecurrent(
  run: Run,
  path: string,
  { neurons, bias }: Recurrent,
  x: Float64Array,
  [features]: Shape,
): Ran {
  if (!(neurons instanceof LifNode)) throw new TypeError("the reference has LIF neurons only");
  const { timeSteps, batch } = run;
  const { vThreshold, vReset, detachReset, surrogate } = neurons.options;
  const { decayInput } = neurons;
  const [threshold, n, k] = [Number(vThreshold), features!, 1 / Number(neurons.tau)];
  const rest = Number(vReset ?? 0);
  const w = run.parameters.get(`${path}.recurrent`)!;
  const step = batch * n;
  const h = new Float64Array(x.length);
  const output = new Float64Array(x.length);
  const v = new Float64Array(step).fill(rest);
  for (let at = 0; at < x.length; at++) {
    const [i, first] = [at % n, at - at % n];
    let current = x[at]! + (bias ? w[n * n + i]! : 0);
    for (let j = 0; j < n && at >= step; j++) {
      if (output[first - step + j]) current += w[j * n + i]!;
    }
    const s = at % step;
    h[at] = v[s]! - (v[s]! - rest) * k + current * (decayInput ? k : 1);
    run.nearest = Math.min(run.nearest, Math.abs(h[at]! - threshold));
    output[at] = Number(h[at]! >= threshold);
    v[s] = vReset === null ? h[at]! - output[at]! * threshold : output[at] ? rest : h[at]!;
  }
  return {
    output,
    backward(gradient) {
      const own = new Float64Array(w.length);
      const back = new Float64Array(x.length);
      const gv = new Float64Array(step);
      for (let t = timeSteps - 1; t >= 0; t--) {
        for (let s = 0; s < step; s++) {
          const at = t * step + s;
          const [i, next] = [at % n, at - at % n + step];
          let gs = gradient[at]!;
          for (let j = 0; j < n && t + 1 < timeSteps; j++) {
            gs += w[i * n + j]! * back[next + j]!;
            own[i * n + j]! += output[at]! * back[next + j]!;
          }
          const kept = vReset === null ? 1 : 1 - output[at]!;
          const resets = detachReset ? 0 : vReset === null ? -threshold : rest - h[at]!;
          const gh = (gs + gv[s]! * resets) * surrogate.gradient(h[at]! - threshold) +
            gv[s]! * kept;
          back[at] = gh * (decayInput ? k : 1);
          if (bias) own[n * n + i]! += back[at]!;
          gv[s] = gh * (1 - k);
        }
      }
      run.gradients.set(`${path}.recurrent`, own);
      return back;
    },
  };
}

/** What two numbers become, and its gradient for each. */
type Connection = Readonly<Record<"value" | "toX" | "toY", (x: number, y: number) => number>>;

/** What a shortcut and what is beside it make together. */
function connect({ connect }: Residual, shortcut: Ran, inner: Ran): Ran {
  const [x, y] = [shortcut.output, inner.output];
  const connections: Record<Residual["connect"], Connection> = {
    ADD: { value: (x, y) => x + y, toX: () => 1, toY: () => 1 },
    AND: { value: (x, y) => x * y, toX: (_, y) => y, toY: (x) => x },
    IAND: { value: (x, y) => x * (1 - y), toX: (_, y) => 1 - y, toY: (x) => -x },
  };
  const { value, toX, toY } = connections[connect];
  return {
    output: x.map((each, i) => value(each, y[i]!)),
    backward(gradient) {
      const back = inner.backward(gradient.map((g, i) => g * toY(x[i]!, y[i]!)));
      const along = shortcut.backward(gradient.map((g, i) => g * toX(x[i]!, y[i]!)));
      return along.map((g, i) => g + back[i]!);
    },
  };
}

function runPoolLayer(layer: Pool, x: Float64Array, shape: Shape): Ran {
  if (!(layer instanceof MaxPool2d || layer instanceof AvgPool2d || layer instanceof SumPool2d)) {
    throw new TypeError(`there is no reference of ${layer.kind}`);
  }
  const { ceilMode = false, countIncludePad = true, ...move } = layer.move;
  const size = [shape[1]!, shape[2]!] as const;
  const pool: PoolCase = { gives: layer.gives, ...move, size, ceilMode, countIncludePad };
  const run = (gradient?: Float64Array) =>
    runPool(pool, [...x], (length) => [...gradient ?? new Float64Array(length)]);
  return {
    output: Float64Array.from(run().output),
    backward: (gradient) => Float64Array.from(run(gradient).inputGradient),
  };
}

/**
 * The twin of kernels/dropout/keep.wgsl: one decision for all time steps of a number, and for so many that
 * lie together.
 */
function runDropout(
  { timeSteps, key }: Run,
  path: string,
  { p }: { readonly p: number },
  x: Float64Array,
  together: number,
): Ran {
  const word = hashAll(...Array.from(`${path} dropout`, (c) => c.codePointAt(0)!));
  const neurons = x.length / timeSteps;
  const factors = Float64Array.from(
    { length: neurons },
    (_, n) =>
      hash(hash(Math.floor(n / together)) ^ hash(key ^ word)) >= Math.round(p * 2 ** 32)
        ? 1 / (1 - p)
        : 0,
  );
  const masked = (values: Float64Array) =>
    values.map((value, at) => value * factors[at % neurons]!);
  return { output: masked(x), backward: masked };
}
