/**
 * What batch norm normalises by, and its gradients: kernels on a number or two for each channel.
 *
 * @module
 */

import * as norm from "../../../kernels/norm/mod.ts";
import type { Scope } from "../../core/scope.ts";

/** A batch norm, as its kernels need to know it. */
export interface Norm {
  /** Channels. */
  readonly channels: number;
  /** Numbers of a channel at a time step of a sample. */
  readonly places: number;
  /** What is added to the variance. */
  readonly eps: number;
  /** The share of a batch in the running statistics. */
  readonly momentum: number;
  /** Whether weight and bias are learned; else they are 1 and 0. */
  readonly affine: boolean;
}

/** What lanes summed of each channel: vec4 of f32 `[parts][channels]`, see `kernels/norm/sums.wgsl`. */
export interface Partials {
  /** The sums. */
  readonly buffer: GPUBuffer;
  /** Parts of a channel. */
  readonly parts: number;
}

/**
 * Adds the kernel that says what a batch is normalised by, and that keeps the running statistics.
 *
 * @param scope The layer's view of the program.
 * @param layer The layer; "running_mean", "running_var" and, where it learns, "weight" are declared.
 * @param partials Sums of the batch; a program that doesn't learn needs none.
 * @returns vec4 of f32 `[channels]`: scale, shift, mean, 1 / deviation.
 */
export async function mergeStatistics(
  scope: Scope,
  layer: Norm,
  partials: Partials | undefined,
): Promise<GPUBuffer> {
  const { channels, eps, momentum } = layer;
  const affine = scope.buffer(channels * 16, "normalisation");
  await scope.run("forward", {
    name: "norm/merge",
    texts: [norm.merge],
    values: {
      ...mergeValues(scope, layer, partials),
      gradients: false,
      updates: scope.updates,
      eps,
      momentum,
    },
    resources: {
      ...partials ? { partials: partials.buffer } : {},
      ...layer.affine ? { parameters: scope.parameter("weight").values } : {},
      running_mean: scope.state("running_mean"),
      running_var: scope.state("running_var"),
      affine,
    },
    workgroups: [channels],
  });
  return affine;
}

/**
 * Adds the kernel that turns sums of gradients into the gradients of weight and bias.
 *
 * @param scope The layer's view of the program.
 * @param layer The layer.
 * @param partials Sums of the gradients, and of gradient * normalised number.
 * @param affine What the batch was normalised by.
 * @returns vec4 of f32 `[channels]`, by which the gradient of x follows: c.x * gradient + c.y * x + c.z.
 */
export async function mergeGradients(
  scope: Scope,
  layer: Norm,
  partials: Partials,
  affine: GPUBuffer,
): Promise<GPUBuffer> {
  const coefficients = scope.buffer(layer.channels * 16, "normalisation gradient");
  await scope.run("backward", {
    name: "norm/merge_gradients",
    texts: [norm.merge],
    values: { ...mergeValues(scope, layer, partials), gradients: true },
    resources: {
      partials: partials.buffer,
      affine,
      ...layer.affine ? { gradient: scope.parameter("weight").gradient } : {},
      coefficients,
    },
    workgroups: [layer.channels],
  });
  return coefficients;
}

function mergeValues(
  { timeSteps, gpu }: Scope,
  { channels, places, affine }: Norm,
  partials: Partials | undefined,
) {
  return {
    channels,
    places,
    affineLearned: affine,
    steps: timeSteps,
    summed: partials !== undefined,
    parts: partials?.parts ?? 0,
    lanes: gpu.preset.encoderLanes,
  };
}
