import * as residual from "../../kernels/residual/mod.ts";
import { denseBytes } from "../core/dense.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Gradient, Signal, StoredSignal } from "../core/signal.ts";
import { timeQuads } from "../core/time.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";

/** Lanes of a workgroup in `kernels/residual/{accumulate,spread,sum}.wgsl`. */
const LANES = 64;

/**
 * A gradient in the form that numbers have it: over time, or added up where they are the same at each
 * time step.
 *
 * @param scope The layer's view of the program.
 * @param gradient The gradient of the values.
 * @param numbers What it is the gradient of.
 * @returns f32 `[batch][...shape]` or numbers over time.
 * @throws {TypeError} If there is none of the values, only of traces.
 */
export async function gradientOverTime(
  scope: Scope,
  { values }: Gradient,
  { shape }: Pick<Signal, "shape">,
): Promise<GPUBuffer> {
  if (!values) {
    throw new TypeError("Cannot compile the gradient of numbers as it is one of traces only");
  }
  return values.over === "constant" ? await spread(scope, values.buffer, shape) : values.buffer;
}

/** The same gradient at each time step, as one over time. */
async function spread(scope: Scope, constant: GPUBuffer, shape: Shape): Promise<GPUBuffer> {
  const { batchSize, timeSteps } = scope;
  const numbers = batchSize * sizeOf(shape);
  const quads = timeQuads(timeSteps);
  const gradient = scope.buffer(denseBytes(timeSteps, numbers), "gradient over time");
  await scope.run("backward", {
    name: "residual/spread",
    texts: [residual.spread],
    values: { numbers, quads, steps: timeSteps },
    resources: { constant, gradient },
    workgroups: workgroupsFor(numbers * quads, LANES),
  });
  return gradient;
}

/**
 * A gradient over time, added up: that of a signal that is the same at each time step.
 *
 * @param scope The layer's view of the program.
 * @param gradient The gradient, in the layout of numbers over time.
 * @param shape What a sample of the signal has.
 * @returns f32 `[batch][...shape]`.
 */
export async function sumOverTime(
  scope: Scope,
  gradient: GPUBuffer,
  shape: Shape,
): Promise<GPUBuffer> {
  const { batchSize, timeSteps } = scope;
  const numbers = batchSize * sizeOf(shape);
  const total = scope.buffer(numbers * 4, "summed gradient");
  await scope.run("backward", {
    name: "residual/sum",
    texts: [residual.sum],
    values: { numbers, quads: timeQuads(timeSteps), steps: timeSteps },
    resources: { gradient, total },
    workgroups: workgroupsFor(numbers, LANES),
  });
  return total;
}

/**
 * The gradients of a signal by two ways, together.
 *
 * @param scope The layer's view of the program.
 * @param signal The signal.
 * @param a That by one way; the other may be added to its buffer.
 * @param b That by the other.
 * @returns Their sum; the one that there is, where it is alone.
 */
export async function together(
  scope: Scope,
  signal: StoredSignal,
  a: Gradient | undefined,
  b: Gradient | undefined,
): Promise<Gradient | undefined> {
  if (!a?.values || !b?.values) return a?.values ? a : b;
  const sum = await gradientOverTime(scope, a, signal);
  await accumulate(scope, "backward", sum, await gradientOverTime(scope, b, signal));
  return { values: { over: signal.over === "constant" ? "summed" : "time", buffer: sum } };
}

/**
 * A copy of numbers, whatever their layout.
 *
 * @param scope The layer's view of the program.
 * @param phase When they are copied.
 * @param source The numbers.
 * @returns A buffer of the layer's own.
 */
export async function copied(
  scope: Scope,
  phase: "forward" | "backward",
  source: GPUBuffer,
): Promise<GPUBuffer> {
  const label = phase === "forward" ? "the shortcut's own numbers" : "inner gradient";
  const copy = scope.buffer(source.size, label);
  await accumulate(scope, phase, copy, source, false);
  return copy;
}

/** Adds numbers to others of the same layout, or puts them in their place. */
async function accumulate(
  scope: Scope,
  phase: "forward" | "backward",
  target: GPUBuffer,
  source: GPUBuffer,
  adds = true,
): Promise<void> {
  const quads = target.size / 16;
  await scope.run(phase, {
    name: "residual/accumulate",
    texts: [residual.accumulate],
    values: { quads, adds },
    resources: { source, target_values: target },
    workgroups: workgroupsFor(quads, LANES),
  });
}
