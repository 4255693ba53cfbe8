import { BUFFER_USAGE } from "./flags.ts";
import type { DeviceState } from "./device_state.ts";
import { GpuOutOfMemoryError } from "./errors.ts";

/** Vectors of four words are bound, so that a buffer has no less. */
const BYTES_A_VECTOR = 16;
/** What copies and writes are multiples of. */
const BYTES_A_WORD = 4;

/**
 * Makes a buffer of zeros, for storage, uniform reads and copies.
 *
 * @param state The device.
 * @param bytes Its size, rounded up to a multiple of 16.
 * @param label Its name in messages.
 * @param limit The largest size that a kernel can bind.
 * @returns The buffer.
 * @throws {GpuOutOfMemoryError} If it would be larger.
 */
export function createBuffer(
  state: DeviceState,
  bytes: number,
  label: string,
  limit: number,
): GPUBuffer {
  state.checkUsable();
  const size = Math.max(1, Math.ceil(bytes / BYTES_A_VECTOR)) * BYTES_A_VECTOR;
  if (!(size <= limit)) {
    throw new GpuOutOfMemoryError(
      `Cannot create the buffer "${label}" as ${state.name} holds at most ${limit} bytes in one: ` +
        `it needs ${size}`,
    );
  }
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = BUFFER_USAGE;
  const usage = STORAGE | UNIFORM | COPY_SRC | COPY_DST;
  return state.allocate(
    `the buffer "${label}" of ${size} bytes`,
    () => state.device.createBuffer({ label, size, usage }),
  );
}

/**
 * Writes into a buffer.
 *
 * @param queue The device's queue.
 * @param buffer The buffer.
 * @param data What to write.
 * @param offset Where, in bytes.
 * @throws {RangeError} If the bytes or their offset are no multiples of 4, or more than the buffer has.
 */
export function writeBuffer(
  queue: GPUQueue,
  buffer: GPUBuffer,
  data: ArrayBuffer | ArrayBufferView<ArrayBuffer>,
  offset: number,
): void {
  const { byteLength } = data;
  const given = `given are ${byteLength} from byte ${offset} on`;
  // The queue says so later, or ends the program.
  if (!(offset >= 0) || offset % BYTES_A_WORD !== 0 || byteLength % BYTES_A_WORD !== 0) {
    throw new RangeError(
      `Cannot write into "${buffer.label}" as bytes are written by fours: ${given}`,
    );
  }
  if (offset + byteLength > buffer.size) {
    throw new RangeError(
      `Cannot write into "${buffer.label}" as it has ${buffer.size} bytes: ${given}`,
    );
  }
  // Deno panics if there is nothing to write.
  if (byteLength > 0) queue.writeBuffer(buffer, offset, data);
}
