import { viewOf } from "./byte_parts.ts";

/**
 * A table of FlatBuffers with its size before it, as AEDAT 4 has them. Whatever lies beyond its bytes is a
 * `RangeError`.
 */
export class FlatTable {
  /** The four letters that name what it is. */
  readonly identifier: string;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #at: number;
  readonly #slots: number;

  /**
   * Opens a table; nothing is copied.
   *
   * @param bytes Its bytes, from its size on.
   * @throws {RangeError} If they are too few.
   */
  constructor(bytes: Uint8Array) {
    const view = this.#view = viewOf(bytes);
    this.#bytes = bytes;
    if (view.getUint32(0, true) + 4 > bytes.length) {
      throw new RangeError("a table is longer than its packet");
    }
    this.#at = 4 + view.getUint32(4, true);
    this.#slots = this.#at - view.getInt32(this.#at, true);
    this.identifier = String.fromCharCode(...bytes.subarray(8, 12));
  }

  /** Where the value of a slot stands; undefined of one that isn't there. */
  #place(slot: number): number | undefined {
    const entry = 4 + 2 * slot;
    if (entry + 2 > this.#view.getUint16(this.#slots, true)) return;
    const offset = this.#view.getUint16(this.#slots + entry, true);
    return offset === 0 ? undefined : this.#at + offset;
  }

  /** An integer of 32 bits. */
  int32(slot: number, missing: number): number {
    const at = this.#place(slot);
    return at === undefined ? missing : this.#view.getInt32(at, true);
  }

  /** An integer of 64 bits. */
  int64(slot: number, missing: number): number {
    const at = this.#place(slot);
    return at === undefined ? missing : Number(this.#view.getBigInt64(at, true));
  }

  /**
   * The elements of a vector.
   *
   * @param slot Its slot.
   * @param each Bytes of an element.
   * @returns Their bytes, a view.
   * @throws {RangeError} If it says it has more than there are.
   */
  vector(slot: number, each: number): Uint8Array {
    const at = this.#place(slot);
    if (at === undefined) return this.#bytes.subarray(0, 0);
    const start = at + this.#view.getUint32(at, true);
    const count = this.#view.getUint32(start, true);
    const end = start + 4 + count * each;
    if (end > this.#bytes.length) {
      throw new RangeError(`a table says it has ${count} elements, more than its bytes hold`);
    }
    return this.#bytes.subarray(start + 4, end);
  }
}
