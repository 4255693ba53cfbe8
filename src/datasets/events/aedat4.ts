import type { DecodeOptions } from "../../formats/decode_options.ts";
import { decompressLz4 } from "../../formats/lz4.ts";
import { decompressZstd } from "../../formats/zstd.ts";
import { parseAedat4Streams } from "./aedat4_streams.ts";
import { ByteParts, type FileParts, viewOf } from "./byte_parts.ts";
import { type CameraEvents, EventColumns } from "./camera_events.ts";
import { FlatTable } from "./flat_table.ts";

const VERSION = "#!AER-DAT4.0\r\n";
const EVENT_BYTES = 16;
/** Bytes of a packet at most, decompressed: more than four million events. */
const MOST_PACKET = 1 << 26;
/** Where an event's parts stand. */
const X = 8, Y = 10, ON = 12;
const COMPRESSIONS = ["none", "lz4", "lz4", "zstd", "zstd"] as const;

/** What the header says. */
interface Header {
  readonly compression: typeof COMPRESSIONS[number];
  /** Where packets end. */
  readonly end: number;
  /** The stream whose events are read, and all others. */
  readonly events: number;
  readonly streams: ReadonlySet<number>;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a recording in AEDAT 4, as iniVation's cameras write it (`.aedat4`): not compressed, or by LZ4 or
 * Zstandard, for which `fzstd` is downloaded. Of several streams of events the first is read, as by tonic.
 * Times are microseconds, in most recordings since 1970.
 *
 * @param file Its bytes.
 * @param options The file's name.
 * @returns Its events, a packet a part.
 * @throws {FormatError} If it is of another version or damaged, has no events, or one outside the sensor.
 *
 * @example
 * ```ts
 * import { readAedat4 } from "@galvani/snn/datasets";
 *
 * async function countEvents(path: string): Promise<number> {
 *   let count = 0;
 *   const file = await Deno.open(path);
 *   for await (const { t } of readAedat4(file.readable, { name: path })) count += t.length;
 *   return count;
 * }
 * ```
 */
export async function* readAedat4(
  file: FileParts,
  options: DecodeOptions = {},
): AsyncGenerator<CameraEvents> {
  const parts = new ByteParts(file, "AEDAT 4", options);
  try {
    const header = await readHeader(parts);
    while (parts.at < header.end) {
      const at = parts.at;
      if ((await parts.peek()).length === 0) {
        if (header.end === Infinity) return;
        throw parts.flaw("it ends before its last packet", at);
      }
      const view = viewOf(await parts.need(8, "a packet's header"));
      const stream = view.getInt32(0, true);
      const size = view.getUint32(4, true);
      if (!header.streams.has(stream)) {
        throw parts.flaw(`the packet at byte ${at} is of stream ${stream}, which it lacks`, at);
      }
      const name = `the packet at byte ${at}`;
      if (at + 8 + size > header.end) {
        throw parts.flaw(`${name} is longer than the packets`, at + 4);
      }
      if (stream !== header.events) {
        await parts.skip(size, name);
        continue;
      }
      const own = await parts.need(size, name);
      yield await flawed(
        parts,
        at,
        name,
        async () => decodeEvents(new FlatTable(await decompress(own, header.compression)), header),
      );
    }
  } finally {
    await parts.close();
  }
}

async function readHeader(parts: ByteParts): Promise<Header> {
  const start = await parts.take(VERSION.length);
  if (String.fromCharCode(...start) !== VERSION) {
    throw parts.flaw(`it doesn't start with ${VERSION.trim()}`, 0);
  }
  const at = parts.at;
  const prefix = (await parts.need(4, "its header")).slice();
  const own = await parts.need(viewOf(prefix).getUint32(0, true), "its header");
  return await flawed(parts, at, "its header", () => {
    const table = new FlatTable(new Uint8Array([...prefix, ...own]));
    const number = table.int32(0, 0);
    const compression = COMPRESSIONS[number];
    if (!compression) throw new RangeError(`there is no compression ${number}`);
    const position = table.int64(1, -1);
    const streams = parseAedat4Streams(new TextDecoder().decode(table.vector(2, 1)));
    const events = [...streams].filter(([, { type }]) => type === "EVTS").map(([id]) => id);
    if (events.length === 0) throw new RangeError("it has no stream of events");
    const first = Math.min(...events);
    const { width = NaN, height = NaN } = streams.get(first)!;
    if (!(width >= 1 && height >= 1)) throw new RangeError("it doesn't say the sensor's size");
    const end = position < 0 ? Infinity : position;
    return { compression, end, events: first, streams: new Set(streams.keys()), width, height };
  });
}

/** Makes the error of whatever can't be read. */
async function flawed<T>(
  parts: ByteParts,
  at: number,
  name: string,
  read: () => T | Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw parts.flaw(`${name} is damaged: ${cause.message}`, at, cause);
  }
}

async function decompress(
  bytes: Uint8Array,
  compression: Header["compression"],
): Promise<Uint8Array> {
  if (compression === "none") return bytes;
  return compression === "lz4"
    ? decompressLz4(bytes, MOST_PACKET)
    : await decompressZstd(bytes, MOST_PACKET);
}

function decodeEvents(table: FlatTable, { width, height }: Header): CameraEvents {
  if (table.identifier !== "EVTS") throw new RangeError("it holds no events");
  const bytes = table.vector(0, EVENT_BYTES);
  const view = viewOf(bytes);
  const columns = new EventColumns(bytes.length / EVENT_BYTES);
  for (let at = 0; at < bytes.length; at += EVENT_BYTES) {
    // Two halves are faster than a bigint, and exact below 2^53.
    const t = view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
    const x = view.getInt16(at + X, true), y = view.getInt16(at + Y, true);
    if (!(x >= 0 && x < width && y >= 0 && y < height)) {
      throw new RangeError(`an event at x ${x}, y ${y} lies outside ${width} x ${height}`);
    }
    if (!(t >= 0 && t <= Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`an event has the time ${t}`);
    }
    columns.push(x, y, t, view.getUint8(at + ON) === 0 ? 0 : 1);
  }
  return columns.events();
}
