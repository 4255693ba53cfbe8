import type { FileBytes } from "./file_bytes.ts";
import type { GlobalHeaps } from "./global_heap.ts";

/** Texts that lie in global heaps, each decoded once: many elements may be the same text. */
export class StringHeaps {
  readonly #file: FileBytes;
  readonly #heaps: GlobalHeaps;
  readonly #texts = new Map<string, string>();

  /**
   * Takes a file; nothing is read yet.
   *
   * @param file The file.
   * @param heaps Its heaps.
   */
  constructor(file: FileBytes, heaps: GlobalHeaps) {
    this.#file = file;
    this.#heaps = heaps;
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
      const { at } = this.#heaps.find(address, index, length);
      text = this.#file.text(at, length, "a string");
      this.#texts.set(key, text);
    }
    return text;
  }
}
