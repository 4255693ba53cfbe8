import type { Gpu } from "../gpu/gpu.ts";
import type { Reading } from "../gpu/reading.ts";

/** Numbers on the device. */
export interface DeviceNumbers {
  /** f32. */
  readonly buffer: GPUBuffer;
  /** How many of them. */
  readonly size: number;
}

/**
 * Copies numbers as they are after what was submitted.
 *
 * @param gpu The device.
 * @param numbers Where they are.
 * @returns What reads the copies.
 */
export function readTensors(
  gpu: Gpu,
  numbers: readonly DeviceNumbers[],
): Reading<Float32Array<ArrayBuffer>[]> {
  const parts = numbers.map(({ buffer, size }) => ({ buffer, bytes: 4 * size }));
  const reading = gpu.submitReading(gpu.device.createCommandEncoder(), parts);
  return async () => (await reading()).map((bytes) => new Float32Array(bytes));
}
