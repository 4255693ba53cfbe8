const MAGIC = 0x184d2204;
/** Bits of the flags. */
const CHECKED_BLOCKS = 0x10, SIZED = 0x08, CHECKED = 0x04, DICTIONARY = 0x01;
/** The highest bit of a block's size: it isn't compressed. */
const STORED = 0x80000000;
/** The shortest match; shorter ones aren't worth their bytes. */
const SHORTEST = 4;

/**
 * Decompresses a frame of LZ4. Blocks may reach back into those before them. What its checksums say isn't
 * tested: most frames have none.
 *
 * @param bytes The frame.
 * @param most Bytes at most.
 * @returns Its content.
 * @throws {RangeError} If it is damaged, needs a dictionary, or holds more.
 */
export function decompressLz4(bytes: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A DataView throws a RangeError beyond its end.
  if (view.getUint32(0, true) !== MAGIC) throw new RangeError("it doesn't start as LZ4 does");
  const flags = view.getUint8(4);
  if (flags >> 6 !== 1 || (flags & DICTIONARY) !== 0) {
    throw new RangeError("its LZ4 is of another version, or needs a dictionary");
  }
  let at = 7 + (flags & SIZED ? 8 : 0);
  const output = new Output(most);
  while (true) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) break;
    const end = at + size % STORED;
    if (end > bytes.length) throw new RangeError("a block of LZ4 is truncated");
    const block = bytes.subarray(at, end);
    if (size >= STORED) output.append(block);
    else decompressBlock(block, output);
    at = end + (flags & CHECKED_BLOCKS ? 4 : 0);
  }
  if (at + (flags & CHECKED ? 4 : 0) > bytes.length) throw new RangeError("its LZ4 is truncated");
  return output.bytes();
}

/** Runs of literal bytes, each but the last followed by a copy of earlier ones. */
function decompressBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  const byte = () => {
    if (at >= block.length) throw new RangeError("a block of LZ4 is truncated");
    return block[at++]!;
  };
  const length = (nibble: number) => {
    let sum = nibble;
    if (nibble === 15) { for (let more = 255; more === 255;) sum += more = byte(); }
    return sum;
  };
  while (true) {
    const token = byte();
    const literals = length(token >> 4);
    if (at + literals > block.length) throw new RangeError("a block of LZ4 is truncated");
    output.append(block.subarray(at, at + literals));
    at += literals;
    if (at === block.length) return;
    const distance = byte() | byte() << 8;
    output.repeat(distance, SHORTEST + length(token & 15));
  }
}

/** What is decompressed so far. */
class Output {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  append(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Copies what stands `distance` before the end, where the two overlap again and again. */
  repeat(distance: number, count: number): void {
    const from = this.#length - distance;
    if (distance === 0 || from < 0) throw new RangeError("LZ4 copies what isn't there");
    this.#room(count);
    const bytes = this.#bytes;
    for (let i = 0; i < count; i++) bytes[this.#length + i] = bytes[from + i]!;
    this.#length += count;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#most) throw new RangeError(`its LZ4 holds more than ${this.#most} bytes`);
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.min(this.#most, 2 * needed));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
