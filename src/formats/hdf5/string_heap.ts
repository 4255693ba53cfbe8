import type { FileBytes } from "./file_bytes.ts";

const WHAT = "a heap of strings";

/** An object of a heap. */
interface HeapObject {
  readonly at: number;
  readonly size: number;
}

/** Texts that lie in global heaps, each decoded once: many elements may be the same text. */
export class StringHeaps {
  readonly #file: FileBytes;
  readonly #heaps = new Map<number, ReadonlyMap<number, HeapObject>>();
  readonly #texts = new Map<string, string>();

  /**
   * Takes a file; nothing is read yet.
   *
   * @param file The file.
   */
  constructor(file: FileBytes) {
    this.#file = file;
  }

  /**
   * Reads a text.
   *
   * @param element What stands in the data: a length, a heap's address, an object's number; 16 bytes.
   * @returns The text.
   * @throws {FormatError} If the heap is damaged, or lacks it.
   */
  text(element: DataView): string {
    const length = element.getUint32(0, true);
    const address = Number(element.getBigUint64(4, true));
    const index = element.getUint32(12, true);
    if (length === 0 && (address === 0 || index === 0)) return "";
    const key = `${length} ${address} ${index}`;
    let text = this.#texts.get(key);
    if (text === undefined) {
      text = this.#read(address + this.#file.base, index, length);
      this.#texts.set(key, text);
    }
    return text;
  }

  #read(heap: number, index: number, length: number): string {
    const object = this.#objects(heap).get(index);
    if (!object || length > object.size) throw this.#file.flaw(`${WHAT} lacks a string`, heap);
    return this.#file.text(object.at, length, "a string");
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
