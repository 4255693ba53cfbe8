import type { Gpu, Reading } from "../gpu/gpu.ts";

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
  const readings = numbers.map(({ buffer, size }) =>
    gpu.submitReading(gpu.device.createCommandEncoder(), buffer, 4 * size)
  );
  return () => Promise.all(readings.map(async (read) => new Float32Array(await read())));
}
