import { countElements } from "../tensor.ts";
import { walkTree } from "./b_tree.ts";
import { type FileBytes, NOWHERE } from "./file_bytes.ts";
import type { StoredChunk } from "./filters.ts";

/** A chunk of a data set. */
export interface Chunk extends StoredChunk {
  /** Its first element's place, by dimensions. */
  readonly place: readonly number[];
}

/** How chunks lie over a data set. */
export interface ChunkGrid {
  /** A chunk's size, by dimensions. */
  readonly sizes: readonly number[];
  /** Chunks by dimensions. */
  readonly across: readonly number[];
  /** All chunks. */
  readonly count: number;
}

/** The chunks of a data set. */
export interface ChunkIndex {
  readonly grid: ChunkGrid;
  /** Finds them. */
  chunks(): Iterable<Chunk>;
}

const WHAT = "a chunked data set";
/** Bytes of a chunk at most. */
const MOST_BYTES = 2 ** 32;

/**
 * Reads where the chunks of a data set are.
 *
 * @param file The file.
 * @param at Where the message stands that says it.
 * @param shape The data set's shape.
 * @param each Bytes of an element.
 * @returns The chunks.
 * @throws {FormatError} If it is damaged, or kept in an unsupported way.
 */
export function readChunkIndex(
  file: FileBytes,
  at: number,
  shape: readonly number[],
  each: number,
): ChunkIndex {
  const isOld = file.u8(at, WHAT) === 3;
  const rank = shape.length;
  const ranks = file.u8(at + (isOld ? 2 : 3), WHAT);
  const width = isOld ? 4 : file.u8(at + 4, WHAT);
  const start = at + (isOld ? 11 : 5);
  if (rank === 0 || ranks !== rank + 1 || width < 1 || width > 8) {
    throw file.flaw(`${WHAT} has chunks of another rank`, at);
  }
  const sizes = Array.from(shape, (_, i) => file.uint(start + i * width, width, WHAT));
  const bytes = countElements(sizes) * each;
  if (
    sizes.includes(0) || file.uint(start + rank * width, width, WHAT) !== each || bytes > MOST_BYTES
  ) {
    throw file.flaw(`${WHAT} has chunks of an impossible size`, at);
  }
  const across = shape.map((size, i) => Math.ceil(size / sizes[i]!));
  const grid = { sizes, across, count: countElements(across) };
  const chunks = isOld
    ? () => treeChunks(file, at, grid)
    : () => listedChunks(file, at, start + (rank + 1) * width, grid, bytes);
  return { grid, chunks };
}

/** Chunks that a B-tree finds by their places. */
function* treeChunks(file: FileBytes, at: number, { sizes, count }: ChunkGrid): Generator<Chunk> {
  const root = file.address(at + 3, WHAT);
  if (root === NOWHERE) return;
  const rank = sizes.length;
  let found = 0;
  for (const node of walkTree(file, root, { number: 1, keyBytes: 8 + 8 * (rank + 1) })) {
    if (++found > count) throw file.flaw(`${WHAT} has more chunks than its shape takes`, node.key);
    yield {
      at: node.at,
      size: file.u32(node.key, WHAT),
      skipped: file.u32(node.key + 4, WHAT),
      place: sizes.map((_, i) => file.u64(node.key + 8 + 8 * i, WHAT)),
    };
  }
}

/** Chunks that are there in the order of their places: one, side by side, or in a list. */
function* listedChunks(
  file: FileBytes,
  at: number,
  index: number,
  grid: ChunkGrid,
  bytes: number,
): Generator<Chunk> {
  const kind = file.u8(index, WHAT);
  if (kind === 1) {
    const filtered = (file.u8(at + 2, WHAT) & 2) !== 0;
    yield {
      at: file.address(index + (filtered ? 13 : 1), WHAT),
      size: filtered ? file.u64(index + 1, WHAT) : bytes,
      skipped: filtered ? file.u32(index + 9, WHAT) : 0,
      place: grid.sizes.map(() => 0),
    };
  } else if (kind === 2) {
    const from = file.need(file.address(index + 1, WHAT), grid.count * bytes, WHAT);
    for (let i = 0; i < grid.count; i++) {
      yield { at: from + i * bytes, size: bytes, skipped: 0, place: placeOf(i, grid) };
    }
  } else if (kind === 3) {
    yield* fixedArray(file, file.address(index + 2, WHAT), grid, bytes);
  } else {
    throw file.flaw(`${WHAT} has an index of an unsupported kind`, index);
  }
}

/** The place of the i-th chunk. */
function placeOf(i: number, { sizes, across }: ChunkGrid): number[] {
  const place: number[] = [];
  for (let d = sizes.length - 1, left = i; d >= 0; d--) {
    place.unshift(left % across[d]! * sizes[d]!);
    left = Math.floor(left / across[d]!);
  }
  return place;
}

/** A list of addresses; of a long one each page has a checksum. */
function* fixedArray(
  file: FileBytes,
  at: number,
  grid: ChunkGrid,
  bytes: number,
): Generator<Chunk> {
  const what = "a list of chunks";
  file.signed(at, "FAHD", what);
  file.checked(at, at + 24, what);
  const filtered = file.u8(at + 5, what) === 1;
  const entryBytes = file.u8(at + 6, what);
  const perPage = 2 ** file.u8(at + 7, what);
  const block = file.address(at + 16, what);
  if (file.u64(at + 8, what) !== grid.count || entryBytes < (filtered ? 13 : 8)) {
    throw file.flaw(`${what} makes no sense`, at);
  }
  file.signed(block, "FADB", what);
  const paged = grid.count > perPage;
  // A bit for each page, and a checksum.
  const start = block + 14 + (paged ? Math.ceil(grid.count / perPage / 8) + 4 : 0);
  file.need(start, grid.count * entryBytes, what);
  const sizeBytes = entryBytes - 12;
  for (let i = 0; i < grid.count; i++) {
    const entry = start + i * entryBytes + (paged ? Math.floor(i / perPage) * 4 : 0);
    yield {
      at: file.address(entry, what),
      size: filtered ? file.uint(entry + 8, sizeBytes, what) : bytes,
      skipped: filtered ? file.u32(entry + 8 + sizeBytes, what) : 0,
      place: placeOf(i, grid),
    };
  }
}
