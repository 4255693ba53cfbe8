import type { DecodeOptions } from "../../formats/decode_options.ts";
import { ByteParts, type FileParts } from "./byte_parts.ts";
import { type CameraEvents, EventColumns } from "./camera_events.ts";

/** How large the sensor is, for files that don't say it. */
export interface SensorOptions extends DecodeOptions {
  /** Its columns. */
  width?: number;
  /** Its rows. */
  height?: number;
}

const EVENT_BYTES = 5;
/** Events of a part at most. */
const PART_EVENTS = 1 << 16;
/** A row that no sensor has: not an event, but a sign that 13 bits of the clock ran over. */
const OVERFLOW_ROW = 240;
const OVERFLOW_MICROSECONDS = 1 << 13;

/**
 * Reads a recording of N-MNIST or N-Caltech101, `.bin`: 5 bytes an event, big-endian. Times are
 * microseconds from the recording's start.
 *
 * A row of 240 is no event: as in tonic, it adds 8192 microseconds to all that follows.
 *
 * @param file Its bytes.
 * @param options The file's name, and the sensor's size: 34 x 34 by default, as N-MNIST has it. That of
 * N-Caltech101 is 240 x 180.
 * @returns Its events, in parts.
 * @throws {FormatError} If it ends within an event, or an event lies outside the sensor or before the one
 * before it.
 *
 * @example
 * ```ts
 * import { readNmnist } from "@galvani/snn/datasets";
 *
 * let events = 0;
 * const file = new Blob([new Uint8Array([3, 4, 0x80, 0, 7])]).stream();
 * for await (const { t } of readNmnist(file, { name: "00002.bin" })) events += t.length;
 * ```
 */
export async function* readNmnist(
  file: FileParts,
  options: SensorOptions = {},
): AsyncGenerator<CameraEvents> {
  const { width = 34, height = 34, ...rest } = options;
  const parts = new ByteParts(file, "N-MNIST", rest);
  let carried = 0;
  let last = 0;
  try {
    while (true) {
      const start = parts.at;
      const bytes = await parts.take(partBytes((await parts.peek()).length));
      if (bytes.length === 0) return;
      const columns = new EventColumns(Math.floor(bytes.length / EVENT_BYTES));
      for (let at = 0; at < bytes.length; at += EVENT_BYTES) {
        if (at + EVENT_BYTES > bytes.length) {
          throw parts.flaw(`it ends within an event, which takes ${EVENT_BYTES} bytes`, start + at);
        }
        const x = bytes[at]!, y = bytes[at + 1]!, high = bytes[at + 2]!;
        if (y === OVERFLOW_ROW) {
          carried += OVERFLOW_MICROSECONDS;
          continue;
        }
        const t = ((high & 0x7f) << 16 | bytes[at + 3]! << 8 | bytes[at + 4]!) + carried;
        if (x >= width || y >= height) {
          throw parts.flaw(
            `an event at x ${x}, y ${y} lies outside the sensor of ${width} x ${height}`,
            start + at,
          );
        }
        if (t < last) {
          throw parts.flaw(`an event at ${t} us comes after one at ${last}`, start + at);
        }
        last = t;
        columns.push(x, y, t, high >> 7);
      }
      yield columns.events();
    }
  } finally {
    await parts.close();
  }
}

/** Whole events, as many as are at hand and fit a part; one at least. */
function partBytes(atHand: number): number {
  const events = Math.min(PART_EVENTS, Math.max(1, Math.floor(atHand / EVENT_BYTES)));
  return events * EVENT_BYTES;
}
