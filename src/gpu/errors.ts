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

/**
 * A kernel that can't be compiled or bound; the message shows where.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new KernelError('Cannot bind kernel "loss" as "spikes" is missing');
 * assertEquals(error.name, "KernelError");
 * ```
 */
export class KernelError extends Error {
  /** The class's name. */
  override readonly name = "KernelError";
}

/**
 * The device refused what it was asked for, or failed in a way that no other class describes. What was
 * computed since the last read may be wrong.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new GpuError('Cannot read "spikes" from llvmpipe: the copy is too long');
 * assertEquals(error.name, "GpuError");
 * ```
 */
export class GpuError extends Error {
  /** The class's name. */
  override readonly name = "GpuError";
}

/**
 * The device has no memory for a buffer or a texture, or allows none that is so large. The Gpu can
 * still be used: for a smaller batch, fewer time steps, or after others were disposed of.
 *
 * @example Half of the batch where the whole has no room
 * ```ts
 * import { Gpu, GpuOutOfMemoryError } from "@galvani/snn";
 *
 * using gpu = await Gpu.request();
 * let neurons = 2 ** 48;
 * let current: GPUBuffer | undefined;
 * while (!current) {
 *   try {
 *     current = gpu.createBuffer(4 * neurons, "current");
 *   } catch (error) {
 *     if (!(error instanceof GpuOutOfMemoryError)) throw error;
 *     neurons /= 2;
 *   }
 * }
 * ```
 */
export class GpuOutOfMemoryError extends RangeError {
  /** The class's name. */
  override readonly name = "GpuOutOfMemoryError";
}

/**
 * The device is gone: its driver failed, or it was taken away, and all that was on it too. Only
 * another Gpu can go on, from what was saved elsewhere.
 *
 * @example
 * ```ts
 * import { Gpu, GpuLostError } from "@galvani/snn";
 * import { assertRejects } from "@std/assert";
 *
 * using gpu = await Gpu.request();
 * const buffer = gpu.createBuffer(16, "potentials");
 * gpu.device.destroy();
 * await assertRejects(() => gpu.read(buffer), GpuLostError);
 * ```
 */
export class GpuLostError extends Error {
  /** The class's name. */
  override readonly name = "GpuLostError";
}
