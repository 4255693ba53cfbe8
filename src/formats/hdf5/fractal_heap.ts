import { type FileBytes, NOWHERE } from "./file_bytes.ts";

const WHAT = "a fractal heap";
/** Levels of blocks at most. */
const MOST_LEVELS = 64;

/** Bytes that numbers up to one take. */
export const bytesFor = (most: number): number => Math.max(1, Math.ceil(Math.log2(most + 1) / 8));

/**
 * A heap of objects in blocks: rows of as many blocks each, whose size doubles from row to row after the
 * first two; blocks that would be too large are tables of blocks themselves.
 */
export class FractalHeap {
  readonly #file: FileBytes;
  readonly #offsetBytes: number;
  readonly #lengthBytes: number;
  readonly #width: number;
  readonly #startBytes: number;
  readonly #mostDirect: number;
  readonly #root: number;
  readonly #rows: number;

  /**
   * Reads a heap's header.
   *
   * @param file The file.
   * @param at Where the header stands.
   * @throws {FormatError} If it is damaged, or the heap is compressed.
   */
  constructor(file: FileBytes, at: number) {
    file.signed(at, "FRHP", WHAT);
    if (file.u16(at + 7, WHAT) !== 0) throw file.flaw(`${WHAT} is compressed`, at + 7);
    file.checked(at, at + 142, WHAT);
    this.#file = file;
    this.#width = file.u16(at + 110, WHAT);
    this.#startBytes = file.u64(at + 112, WHAT);
    this.#mostDirect = file.u64(at + 120, WHAT);
    const bits = file.u16(at + 128, WHAT);
    this.#root = file.address(at + 132, WHAT);
    this.#rows = file.u16(at + 140, WHAT);
    if (
      this.#width === 0 || this.#startBytes === 0 || this.#mostDirect < this.#startBytes ||
      bits > 64
    ) {
      throw file.flaw(`${WHAT} makes no sense`, at + 110);
    }
    this.#offsetBytes = Math.ceil(bits / 8);
    this.#lengthBytes = bytesFor(Math.min(this.#mostDirect, file.u32(at + 10, WHAT)));
  }

  /**
   * Finds an object.
   *
   * @param id Where its id stands, and the id's bytes.
   * @returns Where it stands, and its bytes.
   * @throws {FormatError} If it lies outside the heap, or isn't in a block.
   */
  find(id: { at: number; size: number }): { at: number; size: number } {
    const file = this.#file;
    const kind = file.u8(id.at, WHAT) >> 4 & 3;
    if (kind !== 0 || 1 + this.#offsetBytes + this.#lengthBytes > id.size) {
      throw file.flaw(`${WHAT} holds an object of an unsupported kind`, id.at);
    }
    const offset = file.uint(id.at + 1, this.#offsetBytes, WHAT);
    const size = file.uint(id.at + 1 + this.#offsetBytes, this.#lengthBytes, WHAT);
    const { at, room } = this.#locate(offset);
    if (size > room) throw this.#outside(id.at);
    return { at: file.need(at, size, WHAT), size };
  }

  #blockBytes(row: number): number {
    return this.#startBytes * 2 ** Math.max(0, row - 1);
  }

  #locate(offset: number): { at: number; room: number } {
    let block = this.#root, rows = this.#rows;
    let left = offset;
    if (rows === 0) return { at: block + left, room: this.#startBytes - left };
    for (let level = 0; level < MOST_LEVELS; level++) {
      this.#file.signed(block, "FHIB", WHAT);
      let row = 0;
      for (; row < rows && left >= this.#width * this.#blockBytes(row); row++) {
        left -= this.#width * this.#blockBytes(row);
      }
      if (row >= rows) throw this.#outside(block);
      const bytes = this.#blockBytes(row);
      const column = Math.floor(left / bytes);
      left -= column * bytes;
      // The heap's address and the block's own place stand before the addresses.
      const entry = block + 13 + this.#offsetBytes + 8 * (row * this.#width + column);
      block = this.#file.address(entry, WHAT);
      if (block === NOWHERE) throw this.#outside(entry);
      if (bytes <= this.#mostDirect) return { at: block + left, room: bytes - left };
      rows = Math.log2(bytes / (this.#width * this.#startBytes)) + 1;
    }
    throw this.#file.flaw(`${WHAT} contains itself`, block);
  }

  #outside(at: number): Error {
    return this.#file.flaw(`an object lies outside ${WHAT}`, at);
  }
}
