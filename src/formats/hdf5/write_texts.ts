import type { ByteWriter } from "./byte_writer.ts";

/** Bytes of a heap at least. */
const LEAST_BYTES = 4096;
/** Objects of a heap at most. */
const MOST_OBJECTS = 0xffff;
/** Bytes before each object, and of the heap's own. */
const HEAD_BYTES = 16;

const utf8 = new TextEncoder();

/** Where a text lies. */
interface Place {
  readonly heap: number;
  readonly index: number;
  readonly bytes: number;
}

/** Puts texts into global heaps, each text once, and refers to them. */
export class TextHeapWriter {
  readonly #file: ByteWriter;
  readonly #places = new Map<string, Place>();
  #heap: number | undefined;
  #count = 0;

  /**
   * Starts with no heap.
   *
   * @param file Where they go.
   */
  constructor(file: ByteWriter) {
    this.#file = file;
  }

  /** Adds a text; nothing else may be written until the heap is closed. */
  add(text: string): void {
    if (this.#places.has(text)) return;
    if (this.#count === MOST_OBJECTS) this.close();
    const file = this.#file;
    this.#heap ??= file.align();
    // The size is known when the heap is closed.
    if (this.#count === 0) file.bytes(utf8.encode("GCOL")).bytes([1, 0, 0, 0]).u64(0);
    const bytes = utf8.encode(text);
    this.#count++;
    file.u16(this.#count).u16(1).u32(0).u64(bytes.length).bytes(bytes);
    file.align();
    this.#places.set(text, { heap: this.#heap, index: this.#count, bytes: bytes.length });
  }

  /** Ends the heap: what is left of it is object 0. */
  close(): void {
    const start = this.#heap;
    if (start === undefined) return;
    const used = this.#file.length - start;
    const size = Math.max(LEAST_BYTES, used + HEAD_BYTES);
    this.#file.u16(0).u16(0).u32(0).u64(size - used);
    this.#file.zeros(size - used - HEAD_BYTES);
    this.#file.setU64(start + 8, size);
    this.#heap = undefined;
    this.#count = 0;
  }

  /** Writes the element of a data set that is a text. */
  refer(text: string): void {
    const { heap, index, bytes } = this.#places.get(text)!;
    this.#file.u32(bytes).u64(heap).u32(index);
  }
}
