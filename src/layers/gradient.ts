import * as residual from "../../kernels/residual/mod.ts";
import { denseBytes } from "../core/dense.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Gradient, Signal } from "../core/signal.ts";
import { timeQuads } from "../core/time.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";

/** Lanes of a workgroup in `kernels/residual/{spread,sum}.wgsl`. */
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
