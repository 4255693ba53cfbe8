import { type FileBytes, NOWHERE } from "./file_bytes.ts";
import { bytesFor, FractalHeap } from "./fractal_heap.ts";
import { type Link, readLink } from "./link.ts";

const WHAT = "an index of links";
/** The kind of B-tree of version 2 that finds links by their names. */
const BY_NAME = 5;
/** Bytes of a node before its records, and the checksum behind them. */
const NODE_BYTES = 10;
/** Levels of a tree at most: more than any file needs. */
const MOST_LEVELS = 8;

/**
 * Reads links that lie in a fractal heap, found by a B-tree of version 2.
 *
 * @param file The file.
 * @param heapAt Where the heap stands.
 * @param at Where the tree stands.
 * @returns The links.
 * @throws {FormatError} If one of them is damaged.
 */
export function readDenseLinks(file: FileBytes, heapAt: number, at: number): Link[] {
  const heap = new FractalHeap(file, heapAt);
  file.signed(at, "BTHD", WHAT);
  file.checked(at, at + 34, WHAT);
  const nodeBytes = file.u32(at + 6, WHAT);
  const recordBytes = file.u16(at + 10, WHAT);
  const depth = file.u16(at + 12, WHAT);
  const root = file.address(at + 16, WHAT);
  if (
    file.u8(at + 5, WHAT) !== BY_NAME || recordBytes < 5 || depth > MOST_LEVELS || nodeBytes < 64
  ) {
    throw file.flaw(`${WHAT} makes no sense`, at);
  }
  if (root === NOWHERE) return [];
  const { countBytes, pointerBytes } = measureLevels(nodeBytes, recordBytes, depth);

  const links: Link[] = [];
  const seen = new Set<number>();
  const walk = (at: number, records: number, level: number) => {
    if (seen.has(at)) throw file.flaw(`${WHAT} contains itself`, at);
    seen.add(at);
    const start = file.signed(at, level === 0 ? "BTLF" : "BTIN", WHAT) + 2;
    const pointers = start + records * recordBytes;
    file.need(start, records * recordBytes, WHAT);
    file.checked(at, pointers + (level === 0 ? 0 : (records + 1) * pointerBytes[level]!), WHAT);
    for (let i = 0; i < records; i++) {
      // A record is a hash of the name and an object's id in the heap.
      const id = { at: start + i * recordBytes + 4, size: recordBytes - 4 };
      links.push(readLink(file, heap.find(id)));
    }
    for (let i = 0; level > 0 && i <= records; i++) {
      const pointer = pointers + i * pointerBytes[level]!;
      walk(file.address(pointer, WHAT), file.uint(pointer + 8, countBytes, WHAT), level - 1);
    }
  };
  walk(root, file.u16(at + 24, WHAT), depth);
  return links;
}

/** Bytes of counts and, by levels, of pointers: they follow from how many records a node has room for. */
function measureLevels(nodeBytes: number, recordBytes: number, depth: number) {
  const room = nodeBytes - NODE_BYTES;
  let most = Math.floor(room / recordBytes);
  let below = most;
  const countBytes = bytesFor(most);
  const pointerBytes = [0];
  for (let level = 1; level <= depth; level++) {
    const pointer = 8 + countBytes + (level > 1 ? bytesFor(below) : 0);
    pointerBytes.push(pointer);
    most = Math.floor((room - pointer) / (recordBytes + pointer));
    below = (most + 1) * below + most;
  }
  return { countBytes, pointerBytes };
}
