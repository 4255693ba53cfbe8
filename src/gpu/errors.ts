/**
 * What can go wrong between the library and the GPU: one class per cause, so
 * that a caller can tell them apart with `instanceof`.
 */

/**
 * No adapter can be had: WebGPU is missing, none of the adapters found is the
 * one asked for, or the embedded software adapter cannot be started.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new GpuUnavailableError("Cannot find a hardware GPU adapter: found none");
 * assertEquals(error.name, "GpuUnavailableError");
 * ```
 */
export class GpuUnavailableError extends Error {
  /** The name of the class. */
  override name = "GpuUnavailableError";
}

/** A kernel that can't be compiled or bound; the message shows where. */
export class KernelError extends Error {
  /** The class's name. */
  override readonly name = "KernelError";
}

/** The device reported an error that no other class describes. */
export class GpuError extends Error {
  /** The class's name. */
  override readonly name = "GpuError";
}

/** The device ran out of memory. */
export class GpuOutOfMemoryError extends Error {
  /** The class's name. */
  override readonly name = "GpuOutOfMemoryError";
}

/** The device is gone: its driver failed, or it was taken away. */
export class GpuLostError extends Error {
  /** The class's name. */
  override readonly name = "GpuLostError";
}
