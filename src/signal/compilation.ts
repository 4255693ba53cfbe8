/**
 * What encoders, layers, losses and optimizers see of the plan that they are compiled into.
 *
 * @module
 */

import type { Gpu } from "../gpu/gpu.ts";
import type { Dispatch, StepBuffer } from "../gpu/kernel.ts";

/** A tensor that is learned, on the device. */
export interface Parameter {
  /** How many numbers it holds. */
  readonly size: number;
  /** f32, `size` rounded up to a multiple of 4. */
  readonly values: GPUBuffer;
  /** f32 `[copies]` of the same layout, to be added up. */
  readonly gradient: GPUBuffer;
  /** How many copies of the gradient there are. */
  readonly copies: number;
}

/**
 * The pixels of each step by tiles of some samples, or of some features: which features are active in
 * any of the samples, or in which samples any of the features is.
 */
export interface PixelTiles {
  /** vec2 of u32 for each tile: the first texel of its list and how many. */
  readonly table: StepBuffer;
  /**
   * An entry a texel: the feature, or the sample, and three words of the values, the first in the lowest
   * byte. The entries of a tile are even in number. One more feature, the last, is active in each sample with the value 255.
   */
  readonly entries: GPUTexture;
  /** How many samples or features a tile has: 12 at most. */
  readonly size: number;
  /** Where the tiles are of features, how the image is cut into them; the feature besides is the last tile. */
  readonly blocks?: PixelBlocks;
}

/** An image cut into blocks, row by row; those at its right and lower edge may stick out. */
export interface PixelBlocks {
  /** Rows of the image. */
  readonly height: number;
  /** Columns of the image. */
  readonly width: number;
  /** Rows of a block. */
  readonly rows: number;
  /** Columns of a block. */
  readonly columns: number;
  /** Blocks beside each other. */
  readonly across: number;
  /** Blocks. */
  readonly count: number;
}

/** When in a step a dispatch runs; `"evaluate"` is after `"forward"` in steps that don't learn. */
export type Phase = "forward" | "backward" | "update" | "evaluate";

/** A plan in the making. */
export interface Compilation {
  /** Where it will run. */
  readonly gpu: Gpu;
  /** Samples of a batch. */
  readonly batchSize: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** Features of an input image. */
  readonly features: number;
  /** `Step` of `kernels/lib/batch.wgsl`: one record a step. */
  readonly steps: StepBuffer;
  /** `Sample` of `kernels/lib/batch.wgsl`, `[batch]`. */
  readonly samples: StepBuffer;
  /** The lists of pixels of a chunk's images, see `kernels/lib/events.wgsl`. */
  readonly pixels: GPUTexture;
  /** f32 `[batch][2]` for each step of a chunk: the loss and the answer of each sample. */
  readonly metrics: GPUBuffer;
  /** Whether layers of neurons keep the potential after each step. */
  readonly storesV: boolean;
  /** The pixels by tiles; those by features are there in steps that learn. */
  tiles(of: "samples" | "features"): PixelTiles;
  /** Makes a buffer that lives as long as the plan. */
  buffer(bytes: number, label: string): GPUBuffer;
  /** Makes a texture that lives as long as the plan. */
  texture(texels: number, label: string): GPUTexture;
  /** Adds a dispatch to the end of a phase. */
  add(phase: Phase, dispatch: Dispatch): void;
}
