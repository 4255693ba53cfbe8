/** Bytes that grow at their end; little endian. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds zeros; gives where they start. */
  zeros(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    return at;
  }

  /** Adds zeros up to a multiple of 8; gives where they end. */
  align(): number {
    this.zeros((8 - this.#length % 8) % 8);
    return this.#length;
  }

  /** Adds bytes. */
  bytes(bytes: ArrayLike<number>): this {
    const at = this.zeros(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** Adds an integer of 16 bits. */
  u16(value: number): this {
    const at = this.zeros(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  /** Adds an integer of 32 bits. */
  u32(value: number): this {
    const at = this.zeros(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  /** Adds an integer of 64 bits. */
  u64(value: number | bigint): this {
    const at = this.zeros(8);
    this.#view.setBigUint64(at, BigInt(value), true);
    return this;
  }

  /** Writes an integer of 64 bits over what is there. */
  setU64(at: number, value: number): void {
    this.#view.setBigUint64(at, BigInt(value), true);
  }

  /** Bytes from a place on: a view. */
  from(at: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(at, this.#length);
  }
}
