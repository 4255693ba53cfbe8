import type { Gpu } from "../../gpu/gpu.ts";
import { Random } from "../../core/random.ts";

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
  // Copied on the device: what the host writes takes its memory there until it is submitted.
  const drawn = gpu.createBuffer(values.byteLength, "drawn");
  gpu.write(drawn, values);
  const commands = gpu.device.createCommandEncoder();
  for (let at = 0; at < buffer.size; at += drawn.size) {
    commands.copyBufferToBuffer(drawn, 0, buffer, at, Math.min(drawn.size, buffer.size - at));
  }
  gpu.device.queue.submit([commands.finish()]);
  drawn.destroy();
}
