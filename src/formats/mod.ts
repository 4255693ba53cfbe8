/**
 * Files that other programs read: NumPy's `.npy`, safetensors, TensorBoard's events, PNG pictures.
 * All functions take or give the bytes of a file.
 *
 * ```ts
 * import { decodeNpy, encodeNpy } from "@galvani/snn/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeNpy(new Uint8Array([0, 1, 1, 0]), [2, 2]);
 * assertEquals(decodeNpy(bytes).shape, [2, 2]);
 * ```
 *
 * @module
 */
export type { DecodeOptions } from "./decode_options.ts";
export * from "./events.ts";
export * from "./format_error.ts";
export * from "./histogram.ts";
export * from "./npy.ts";
export * from "./png.ts";
export * from "./safetensors.ts";
export type { Tensor, TensorData } from "./tensor.ts";
