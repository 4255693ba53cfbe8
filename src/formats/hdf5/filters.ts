import { inflate } from "../inflate.ts";
import type { FileBytes } from "./file_bytes.ts";
import type { Message } from "./object_header.ts";

/** What a chunk went through when it was written. */
export interface Filter {
  /** Its number in the file. */
  readonly id: number;
  /** Its settings. */
  readonly settings: readonly number[];
}

/** A chunk as it stands in the file. */
export interface StoredChunk {
  /** Where it stands. */
  readonly at: number;
  /** Its bytes there. */
  readonly size: number;
  /** Filters that were left out, bit i for the i-th. */
  readonly skipped: number;
}

/** How many times its size a chunk can become at most. */
export const MOST_GROWTH = 1032;
/** How many times their size LZF's bytes can become at most: 264 of 3. */
const MOST_LZF_GROWTH = 88;

const DEFLATE = 1, SHUFFLE = 2, FLETCHER32 = 3, LZF = 32000;
const OTHERS: Readonly<Record<number, string>> = { 4: "szip", 5: "nbit", 6: "scale-offset" };

/**
 * Reads which filters the chunks of a data set went through.
 *
 * @param file The file.
 * @param message The message that says it.
 * @returns The filters, in the order of writing.
 * @throws {FormatError} If one isn't supported.
 */
export function readFilters(file: FileBytes, message: Message): Filter[] {
  const what = "a list of filters";
  const version = file.u8(message.at, what);
  const count = file.u8(message.at + 1, what);
  let at = message.at + (version === 1 ? 8 : 2);
  return Array.from({ length: count }, () => {
    const id = file.u16(at, what);
    if (![DEFLATE, SHUFFLE, FLETCHER32, LZF].includes(id)) {
      const name = OTHERS[id] ?? `number ${id}`;
      throw file.flaw(`it is compressed by a filter that isn't supported: ${name}`, at);
    }
    const named = version === 1 || id >= 256;
    const nameBytes = named ? file.u16(at + 2, what) : 0;
    at += named ? 4 : 2;
    const values = file.u16(at + 2, what);
    at += 4 + (version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes);
    const settings = Array.from({ length: values }, (_, i) => file.u32(at + 4 * i, what));
    at += 4 * values + (version === 1 && values % 2 === 1 ? 4 : 0);
    return { id, settings };
  });
}

/**
 * Undoes the filters of a chunk.
 *
 * @param file The file.
 * @param chunk The chunk.
 * @param filters What it went through.
 * @param size How many bytes it must have then.
 * @returns The bytes.
 * @throws {FormatError} If it is damaged, or of another size.
 */
export async function readChunk(
  file: FileBytes,
  chunk: StoredChunk,
  filters: readonly Filter[],
  size: number,
): Promise<Uint8Array> {
  let bytes = file.slice(chunk.at, chunk.size, "a chunk");
  for (let i = filters.length - 1; i >= 0; i--) {
    if ((chunk.skipped >>> i & 1) === 0) {
      bytes = await undo(file, chunk.at, filters[i]!, bytes, size);
    }
  }
  if (bytes.length === size) return bytes;
  throw file.flaw(`a chunk has ${bytes.length} bytes: it must have ${size}`, chunk.at);
}

async function undo(
  file: FileBytes,
  at: number,
  { id, settings }: Filter,
  bytes: Uint8Array,
  size: number,
): Promise<Uint8Array> {
  if (id === SHUFFLE) return unshuffle(bytes, settings[0] ?? 1);
  if (id === LZF) return lzf(bytes, size, () => file.flaw("a chunk isn't LZF", at));
  if (id === FLETCHER32) {
    const end = bytes.length - 4;
    if (end < 0) throw file.flaw("a chunk lacks its checksum", at);
    const sum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end, true);
    if (fletcher32(bytes.subarray(0, end)) === sum) return bytes.subarray(0, end);
    throw file.flaw("a chunk is damaged: its checksum is wrong", at);
  }
  try {
    // 4 more for a checksum inside.
    return await inflate([new Uint8Array(bytes)], "deflate", size + 4);
  } catch (cause) {
    throw file.flaw("a chunk is damaged: it can't be inflated", at, cause);
  }
}

/** Bytes were written by their place in an element: all first ones, then all second ones. */
function unshuffle(bytes: Uint8Array, each: number): Uint8Array {
  const count = each > 0 ? Math.floor(bytes.length / each) : 0;
  const out = bytes.slice();
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < each; byte++) out[i * each + byte] = bytes[byte * count + i]!;
  }
  return out;
}

function fletcher32(bytes: Uint8Array): number {
  let low = 0, high = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    low = (low + (bytes[i]! << 8 | (bytes[i + 1] ?? 0))) % 0xffff;
    high = (high + low) % 0xffff;
  }
  return (high << 16 | low) >>> 0;
}

function lzf(bytes: Uint8Array, size: number, fail: () => Error): Uint8Array {
  // A chunk may have a checksum of 4 bytes inside.
  const most = Math.min(size + 4, bytes.length * MOST_LZF_GROWTH);
  const out = new Uint8Array(most);
  let from = 0, to = 0;
  const next = () => {
    if (from >= bytes.length) throw fail();
    return bytes[from++]!;
  };
  while (from < bytes.length) {
    const control = next();
    if (control < 32) {
      const run = control + 1;
      if (from + run > bytes.length || to + run > most) throw fail();
      out.set(bytes.subarray(from, from + run), to);
      from += run, to += run;
      continue;
    }
    const run = 2 + (control >> 5) + (control >> 5 === 7 ? next() : 0);
    let copied = to - ((control & 31) << 8) - 1 - next();
    if (copied < 0 || to + run > most) throw fail();
    for (const end = to + run; to < end;) out[to++] = out[copied++]!;
  }
  return out.subarray(0, to);
}
