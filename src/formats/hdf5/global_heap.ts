import type { FileBytes } from "./file_bytes.ts";

const WHAT = "a heap";

/** An object of a heap. */
export interface HeapObject {
  /** Where it stands. */
  readonly at: number;
  /** Its bytes. */
  readonly size: number;
}

/** Global heaps, where a file keeps texts and sequences of any length. Of each only its places are kept. */
export class GlobalHeaps {
  readonly #file: FileBytes;
  readonly #heaps = new Map<number, ReadonlyMap<number, HeapObject>>();

  /**
   * Takes a file; nothing is read yet.
   *
   * @param file The file.
   */
  constructor(file: FileBytes) {
    this.#file = file;
  }

  /**
   * Finds an object.
   *
   * @param address The heap's address.
   * @param index The object's number.
   * @param size Bytes that it must have.
   * @returns Where it stands.
   * @throws {FormatError} If the heap is damaged, or lacks it.
   */
  find(address: number, index: number, size: number): HeapObject {
    const heap = address + this.#file.base;
    const object = this.#objects(heap).get(index);
    if (object && object.size >= size) return object;
    throw this.#file.flaw(`${WHAT} lacks an object`, Math.min(heap, this.#file.length));
  }

  #objects(heap: number): ReadonlyMap<number, HeapObject> {
    const known = this.#heaps.get(heap);
    if (known) return known;
    const file = this.#file;
    file.signed(heap, "GCOL", WHAT);
    const end = heap + file.u64(heap + 8, WHAT);
    file.need(heap, end - heap, WHAT);
    const objects = new Map<number, HeapObject>();
    for (let at = heap + 16; at + 16 <= end;) {
      const index = file.u16(at, WHAT);
      const size = file.u64(at + 8, WHAT);
      // Object 0 is what is left.
      if (index === 0) break;
      if (at + 16 + size > end) throw file.flaw(`an object lies outside ${WHAT}`, at);
      if (!objects.has(index)) objects.set(index, { at: at + 16, size });
      at += 16 + Math.ceil(size / 8) * 8;
    }
    this.#heaps.set(heap, objects);
    return objects;
  }
}
