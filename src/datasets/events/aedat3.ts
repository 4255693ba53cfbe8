import { ByteParts, type FileParts, viewOf } from "./byte_parts.ts";
import { type CameraEvents, EventColumns } from "./camera_events.ts";
import type { SensorOptions } from "./nmnist.ts";

/** Options of {@linkcode readAedat3}. */
export interface Aedat3Options extends SensorOptions {
  /**
   * Whether events are kept that the recording itself calls invalid, as SpikingJelly keeps them.
   *
   * @default {false}
   */
  keepInvalid?: boolean;
}

const VERSION = "#!AER-DAT3.1";
const END = "#!END-HEADER";
/** More than any line of a header has. */
const MOST_LINE = 1 << 16;
const HEADER_BYTES = 28;
const POLARITY = 1;
const EVENT_BYTES = 8;
/** Bytes of a part at most. */
const PART_BYTES = 1 << 19;
/** What one overflow of the clock's 31 bits adds. */
const OVERFLOW = 2 ** 31;

/**
 * Reads a recording in AEDAT 3.1, which DVS128 Gesture has (`.aedat`). Times are microseconds of the
 * camera's clock, its overflows added. Other data than events of polarity are passed over.
 *
 * @param file Its bytes.
 * @param options The file's name, and the sensor's size, 128 x 128 by default.
 * @returns Its events, in parts.
 * @throws {FormatError} If it is of another version or damaged, or an event lies outside the sensor.
 *
 * @example
 * ```ts
 * import { collectEvents, readAedat3 } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const header = new TextEncoder().encode("#!AER-DAT3.1\r\n#!END-HEADER\r\n");
 * const packet = new DataView(new ArrayBuffer(28 + 8));
 * packet.setInt16(0, 1, true); // polarity
 * [8, 4, 0, 1, 1, 1].forEach((value, i) => packet.setInt32(4 + 4 * i, value, true));
 * packet.setUint32(28, 3 << 17 | 5 << 2 | 0b11, true); // x 3, y 5, ON, valid
 * packet.setInt32(32, 250, true);
 * const { x, y, t, p } = await collectEvents(
 *   readAedat3(new Uint8Array([...header, ...new Uint8Array(packet.buffer)])),
 * );
 * assertEquals([x[0], y[0], t[0], p[0]], [3, 5, 250, 1]);
 * ```
 */
export async function* readAedat3(
  file: FileParts,
  options: Aedat3Options = {},
): AsyncGenerator<CameraEvents> {
  const { width = 128, height = 128, keepInvalid = false, ...rest } = options;
  const parts = new ByteParts(file, "AEDAT 3.1", rest);
  try {
    await passHeader(parts);
    for (let packet = await nextPacket(parts); packet; packet = await nextPacket(parts)) {
      const { type, size, overflow, capacity, count, name } = packet;
      if (type !== POLARITY) {
        await parts.skip(capacity * size, name);
        continue;
      }
      for (let done = 0; done < count;) {
        const start = parts.at;
        const own = Math.min(Math.max(1, Math.floor(PART_BYTES / size)), count - done);
        const view = viewOf(await parts.need(own * size, name));
        const columns = new EventColumns(own);
        for (let i = 0; i < own; i++) {
          const data = view.getUint32(i * size, true);
          if ((data & 1) === 0 && !keepInvalid) continue;
          const x = data >>> 17, y = data >>> 2 & 0x7fff;
          if (x >= width || y >= height) {
            throw parts.flaw(
              `an event at x ${x}, y ${y} lies outside the sensor of ${width} x ${height}`,
              start + i * size,
            );
          }
          const time = view.getInt32(i * size + 4, true);
          if (time < 0) throw parts.flaw(`an event has the time ${time}`, start + i * size + 4);
          columns.push(x, y, overflow * OVERFLOW + time, data >>> 1 & 1);
        }
        done += own;
        yield columns.events();
      }
      await parts.skip((capacity - count) * size, name);
    }
  } finally {
    await parts.close();
  }
}

/** Passes over the lines before the packets. */
async function passHeader(parts: ByteParts): Promise<void> {
  let first = true;
  while (true) {
    const at = parts.at;
    const line = await nextLine(parts);
    if (first && line !== VERSION) throw parts.flaw(`it doesn't start with ${VERSION}`, 0);
    if (line === END) return;
    if (!line?.startsWith("#")) throw parts.flaw(`its header has no line ${END}`, at);
    first = false;
  }
}

/** A line of the header without its end; undefined of what is none. */
async function nextLine(parts: ByteParts): Promise<string | undefined> {
  let line = "";
  while (line.length < MOST_LINE) {
    const bytes = await parts.peek();
    if (bytes.length === 0) return;
    const end = bytes.indexOf(0x0a);
    const own = await parts.take(Math.min(MOST_LINE, end < 0 ? bytes.length : end + 1));
    // Names may be in any encoding: only the signs of the header itself are compared.
    for (const byte of own) line += String.fromCharCode(byte);
    if (end >= 0) return line.replace(/\r?\n$/, "");
  }
  return;
}

interface Packet {
  readonly type: number;
  /** Bytes of an event. */
  readonly size: number;
  readonly overflow: number;
  /** Events that it has room for. */
  readonly capacity: number;
  /** Events in it. */
  readonly count: number;
  readonly name: string;
}

async function nextPacket(parts: ByteParts): Promise<Packet | undefined> {
  const at = parts.at;
  if ((await parts.peek()).length === 0) return;
  const view = viewOf(await parts.need(HEADER_BYTES, "a packet's header"));
  const type = view.getInt16(0, true);
  const [size, , overflow, capacity, count] = [4, 8, 12, 16, 20].map((offset) =>
    view.getInt32(offset, true)
  ) as [number, number, number, number, number];
  const name = `the packet at byte ${at}`;
  if (capacity < 0 || count < 0 || count > capacity) {
    throw parts.flaw(`${name} says it has ${count} events and room for ${capacity}`, at + 16);
  }
  if (size < 1 || type === POLARITY && size < EVENT_BYTES) {
    throw parts.flaw(`${name} says an event takes ${size} bytes`, at + 4);
  }
  if (overflow < 0) throw parts.flaw(`${name} has an overflow of ${overflow}`, at + 12);
  return { type, size, overflow, capacity, count, name };
}
