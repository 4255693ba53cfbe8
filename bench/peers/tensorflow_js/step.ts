/**
 * Times the tutorial's training step written with the operations of TensorFlow.js on WebGPU: T 100 passes
 * of Poisson spikes, 784 to 10, LIF neurons with an arc tangent as surrogate, batch 128, Adam on the mean
 * squared error of the rates.
 *
 * Prints a line of JSON as `galvani_step.ts` does.
 */

import { parseArgs } from "node:util";
import { syntheticImages } from "../../../src/cli/bench/images.ts";
import { timeRounds } from "../../../src/cli/bench/rounds.ts";
import { requestAdapter } from "../../../src/gpu/adapter.ts";
import { parseDevice, peakMemoryMb } from "../process.ts";

const BATCH = 128;
const FEATURES = 784;
const CLASSES = 10;
const STEPS = 100;
const DECAY = 1 / 2;
const THRESHOLD = 1;
const ALPHA = 2;
const LEARNING_RATE = 1e-3;

/** What is used of a tensor. */
interface Tensor {
  add(other: Tensor): Tensor;
  sub(other: Tensor | number): Tensor;
  mul(other: Tensor | number): Tensor;
  div(other: Tensor | number): Tensor;
  matMul(other: Tensor): Tensor;
  less(other: Tensor): Tensor;
  greaterEqual(other: number): Tensor;
  toFloat(): Tensor;
  square(): Tensor;
  mean(): Tensor;
  data(): Promise<Float32Array>;
  dispose(): void;
}

/** What is used of the package: its own types would be loaded wherever this project is checked. */
interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tidy<T>(work: () => T): T;
  variable(initial: Tensor): Tensor;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  tensor1d(values: Int32Array, type: "int32"): Tensor;
  oneHot(indices: Tensor, depth: number): Tensor;
  zeros(shape: number[]): Tensor;
  randomUniform(shape: number[], low?: number, high?: number): Tensor;
  customGrad(
    f: (x: Tensor, save: (tensors: Tensor[]) => void) => {
      value: Tensor;
      gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor;
    },
  ): (x: Tensor) => Tensor;
  train: { adam(learningRate: number): { minimize(loss: () => Tensor): void } };
}

const { values: args } = parseArgs({
  args: Deno.args,
  options: {
    item: { type: "string", default: "tutorial" },
    device: { type: "string", default: "auto" },
    milliseconds: { type: "string", default: "1000" },
    rounds: { type: "string", default: "3" },
  },
});
// The first request decides about the drivers; the package finds the adapter by itself then.
await requestAdapter({ device: parseDevice(args.device) });
// The package takes a program without a window for one without WebGPU.
Object.assign(globalThis, { window: globalThis });
const names = ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-webgpu"];
const [tf] = await Promise.all(names.map((name) => import(name))) as [TensorFlow];
if (!await tf.setBackend("webgpu")) throw new Error("TensorFlow.js has no WebGPU here");

const { content, labels } = syntheticImages(BATCH);
const bytes = content.kind === "bytes" ? content.data : [];
const images = tf.tensor2d(Float32Array.from(bytes, (value) => value / 255), [
  BATCH,
  FEATURES,
]);
const target = tf.oneHot(tf.tensor1d(Int32Array.from(labels!), "int32"), CLASSES).toFloat();
const bound = 1 / Math.sqrt(FEATURES);
const weight = tf.variable(tf.randomUniform([FEATURES, CLASSES], -bound, bound));
const optimizer = tf.train.adam(LEARNING_RATE);

/** 1 from the threshold on; the derivative is that of the arc tangent. */
const fire = tf.customGrad((h, save) => {
  const over = h.sub(THRESHOLD);
  save([over]);
  const gradFunc = (dy: Tensor, [x]: Tensor[]) => {
    const z = x!.mul(Math.PI / 2 * ALPHA).square();
    return dy.mul(ALPHA / 2).div(z.sub(-1));
  };
  return { value: over.greaterEqual(0).toFloat(), gradFunc };
});

function loss(): Tensor {
  let v = tf.zeros([BATCH, CLASSES]);
  let fired = tf.zeros([BATCH, CLASSES]);
  for (let t = 0; t < STEPS; t++) {
    const spikes = tf.randomUniform([BATCH, FEATURES]).less(images).toFloat();
    const h = v.add(spikes.matMul(weight).sub(v).mul(DECAY));
    const s = fire(h);
    v = h.sub(h.mul(s));
    fired = fired.add(s);
  }
  return fired.div(STEPS).sub(target).square().mean();
}

const ms = await timeRounds(async (count) => {
  for (let step = 0; step < count; step++) tf.tidy(() => optimizer.minimize(loss));
  // Waits for all that was asked for.
  const done = tf.tidy(() => weight.mean());
  await done.data();
  done.dispose();
}, { milliseconds: Number(args.milliseconds), rounds: Number(args.rounds) });
console.log(JSON.stringify({ name: args.item, ms, peakMemoryMb: await peakMemoryMb() }));
Deno.exit();
