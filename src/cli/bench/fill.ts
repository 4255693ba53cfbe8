import type { Gpu } from "../../gpu/gpu.ts";
import { Random } from "../../signal/random.ts";

/** Numbers that are drawn; a larger buffer has them again and again. */
const DRAWN = 1 << 16;

/**
 * Fills a buffer with uniform random numbers.
 *
 * @param gpu The buffer's device.
 * @param buffer The buffer, f32.
 * @param low The least number.
 * @param high The greatest.
 */
export function fillUniform(gpu: Gpu, buffer: GPUBuffer, low: number, high: number): void {
  const length = Math.min(DRAWN, buffer.size / 4);
  const random = new Random(buffer.size);
  const values = Float32Array.from({ length }, () => random.uniform(low, high));
  for (let at = 0; at < buffer.size; at += values.byteLength) {
    const left = (buffer.size - at) / 4;
    gpu.write(buffer, left < length ? values.subarray(0, left) : values, at);
  }
}
