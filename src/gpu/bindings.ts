/**
 * What kernels are bound to.
 *
 * @module
 */

import type { BindingUse } from "./declarations.ts";

/** One window of a buffer for each step of a chunk; a dispatch sees that of its own step. */
export interface StepBuffer {
  /** The buffer. */
  readonly buffer: GPUBuffer;
  /** Bytes from one step's window to the next: a multiple of 256. */
  readonly stride: number;
  /** Bytes of a window. */
  readonly size: number;
}

/** A part of a buffer, the same at each step. */
export interface BufferPart {
  /** The buffer. */
  readonly buffer: GPUBuffer;
  /** Where the part starts, in bytes: a multiple of 256, or of 16 where it is copied into a texture. */
  readonly offset: number;
  /** Bytes of the part. */
  readonly size: number;
}

/**
 * What a kernel can be bound to. A buffer bound where the kernel reads by `#reads` or `#updates` may be
 * copied into a texture before the dispatch: llvmpipe reads textures many times faster.
 */
export type Resource = GPUBuffer | GPUTexture | StepBuffer | BufferPart;

/**
 * Whether a resource has a window for each step.
 *
 * @param resource The resource.
 * @returns Whether it has.
 */
export function isStepBuffer(resource: Resource): resource is StepBuffer {
  return "stride" in resource;
}

/**
 * Whether a resource is a texture.
 *
 * @param resource The resource.
 * @returns Whether it is.
 */
export function isTexture(resource: Resource): resource is GPUTexture {
  return "createView" in resource;
}

/**
 * Finds what holds the memory of a resource.
 *
 * @param resource The resource.
 * @returns The buffer or the texture.
 */
export function memoryOf(resource: Resource): GPUBuffer | GPUTexture {
  return "buffer" in resource ? resource.buffer : resource;
}

/**
 * The bytes of a resource that is a buffer: all of it, a part, or the first step's window.
 *
 * @param resource The resource.
 * @returns The range.
 */
export function rangeOf(resource: GPUBuffer | StepBuffer | BufferPart): BufferPart {
  if (!("buffer" in resource)) return { buffer: resource, offset: 0, size: resource.size };
  const { buffer, size } = resource;
  return { buffer, offset: "offset" in resource ? resource.offset : 0, size };
}

/**
 * Describes a binding to WebGPU.
 *
 * @param use How the kernel uses it.
 * @param hasDynamicOffset Whether each step has its own window.
 * @returns What a layout's entry says of it.
 */
export function layoutOf(
  use: BindingUse,
  hasDynamicOffset: boolean,
): Omit<GPUBindGroupLayoutEntry, "binding" | "visibility"> {
  switch (use) {
    case "texture":
      return { texture: { sampleType: "uint" } };
    case "texture_read":
      return { storageTexture: { access: "read-only", format: "rgba32uint" } };
    case "texture_write":
      return { storageTexture: { access: "write-only", format: "rgba32uint" } };
    case "uniform":
      return { buffer: { type: "uniform", hasDynamicOffset } };
    case "read":
      return { buffer: { type: "read-only-storage", hasDynamicOffset } };
    case "read_write":
      return { buffer: { type: "storage", hasDynamicOffset } };
  }
}
