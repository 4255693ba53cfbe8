import { countBytes } from "../count_bytes.ts";
import { countElements } from "../tensor.ts";
import { type Chunk, type ChunkGrid, readChunkIndex } from "./chunk_index.ts";
import { type FileBytes, NOWHERE } from "./file_bytes.ts";
import { type Filter, MOST_GROWTH, readChunk } from "./filters.ts";

const WHAT = "a chunked data set";

/** A data set whose elements are to be read. */
export interface Elements {
  /** The size of each dimension. */
  readonly shape: readonly number[];
  /** Bytes of an element. */
  readonly each: number;
  /** What chunks went through. */
  readonly filters: readonly Filter[];
}

/**
 * Reads the elements of a data set that lies in chunks.
 *
 * @param file The file.
 * @param at Where the message stands that says how it is laid out.
 * @param elements What is to be read.
 * @returns Their bytes, row major.
 * @throws {FormatError} If a chunk is missing or damaged, or more is claimed than the file can hold.
 */
export async function readChunks(
  file: FileBytes,
  at: number,
  { shape, each, filters }: Elements,
): Promise<Uint8Array<ArrayBuffer>> {
  const index = readChunkIndex(file, at, shape, each);
  const total = countElements(shape) * each;
  if (total === 0) return new Uint8Array(0);
  const { sizes, count } = index.grid;
  const chunks = [...index.chunks()].filter(({ at }) => at !== NOWHERE);
  if (chunks.length !== count) {
    throw file.flaw(`${WHAT} has ${chunks.length} of its ${count} chunks`, at);
  }
  checkClaim(file, at, chunks, total, filters.length > 0);

  const chunkBytes = countElements(sizes) * each;
  const bytes = new Uint8Array(total);
  const seen = new Set<string>();
  for (const chunk of chunks) {
    const isInside = chunk.place.every((place, i) => place % sizes[i]! === 0 && place < shape[i]!);
    const name = chunk.place.join();
    if (!isInside || seen.has(name)) throw file.flaw("a chunk lies in a wrong place", chunk.at);
    seen.add(name);
    const own = await readChunk(file, chunk, filters, chunkBytes);
    copyChunk(own, chunk, index.grid, { bytes, shape, each });
  }
  return bytes;
}

/** What the file can't hold isn't allocated. */
function checkClaim(
  file: FileBytes,
  at: number,
  chunks: readonly Chunk[],
  total: number,
  filtered: boolean,
): void {
  const stored = chunks.reduce((sum, { at, size }) => {
    file.need(at, size, "a chunk");
    return sum + size;
  }, 0);
  if (stored > file.all.length) throw file.flaw(`chunks of ${WHAT} lie in each other`, at);
  if (total > stored * (filtered ? MOST_GROWTH : 1)) {
    throw file.flaw(`${WHAT} claims ${countBytes(total)}, but stores ${countBytes(stored)}`, at);
  }
}

/** Copies a chunk to its place, row by row, without what lies beyond the data set. */
function copyChunk(
  chunk: Uint8Array,
  { place }: Chunk,
  { sizes }: ChunkGrid,
  target: { bytes: Uint8Array; shape: readonly number[]; each: number },
): void {
  const { bytes, shape, each } = target;
  const last = shape.length - 1;
  const inside = sizes.map((size, i) => Math.min(size, shape[i]! - place[i]!));
  const run = inside[last]! * each;
  const rows = countElements(inside.slice(0, last));
  for (let row = 0; row < rows; row++) {
    let from = 0, to = 0, left = row, fromStep = sizes[last]!, toStep = shape[last]!;
    for (let i = last - 1; i >= 0; i--) {
      const own = left % inside[i]!;
      left = Math.floor(left / inside[i]!);
      from += own * fromStep;
      to += (place[i]! + own) * toStep;
      fromStep *= sizes[i]!;
      toStep *= shape[i]!;
    }
    const start = from * each;
    bytes.set(chunk.subarray(start, start + run), (to + place[last]!) * each);
  }
}
