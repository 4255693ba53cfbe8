import { countBytes } from "../../formats/count_bytes.ts";
import { type DecodeOptions, type Flaw, flawOf } from "../../formats/decode_options.ts";

/**
 * The bytes of a file: all of them, or parts as they come, such as `(await Deno.open(path)).readable` or
 * `file.stream()` of a browser's file. Of parts no more is kept than a piece.
 */
export type FileParts = Uint8Array | AsyncIterable<Uint8Array>;

/** Takes a file's bytes in order, however they come. */
export class ByteParts {
  /** Makes the error of a flaw. */
  readonly flaw: Flaw;
  readonly #source: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #part: Uint8Array<ArrayBufferLike> = new Uint8Array(0);
  #used = 0;
  #before = 0;
  #ended = false;

  /**
   * Opens a file.
   *
   * @param parts Its bytes.
   * @param format The format's name, for errors.
   * @param options The file's name.
   */
  constructor(parts: FileParts, format: string, options: DecodeOptions) {
    this.flaw = flawOf(format, options);
    this.#source = parts instanceof Uint8Array
      ? [parts][Symbol.iterator]()
      : parts[Symbol.asyncIterator]();
  }

  /** Where the next byte stands in the file. */
  get at(): number {
    return this.#before + this.#used;
  }

  /** The bytes at hand, some at least unless the file ends; they aren't taken. */
  async peek(): Promise<Uint8Array> {
    while (this.#used === this.#part.length && !this.#ended) await this.#next();
    return this.#part.subarray(this.#used);
  }

  /**
   * Takes bytes.
   *
   * @param most How many at most.
   * @returns As many, or those up to the file's end.
   */
  async take(most: number): Promise<Uint8Array> {
    const first = (await this.peek()).subarray(0, most);
    this.#used += first.length;
    if (first.length === most || first.length === 0) return first;
    const pieces = [first];
    let length = first.length;
    while (length < most) {
      const piece = (await this.peek()).subarray(0, most - length);
      if (piece.length === 0) break;
      this.#used += piece.length;
      pieces.push(piece);
      length += piece.length;
    }
    const bytes = new Uint8Array(length);
    let to = 0;
    for (const piece of pieces) {
      bytes.set(piece, to);
      to += piece.length;
    }
    return bytes;
  }

  /**
   * Takes bytes that must be there.
   *
   * @param count How many.
   * @param what What they are, for the error.
   * @throws {FormatError} If the file ends before.
   */
  async need(count: number, what: string): Promise<Uint8Array> {
    const at = this.at;
    const bytes = await this.take(count);
    if (bytes.length < count) throw this.short(what, at, count, bytes.length);
    return bytes;
  }

  /**
   * Passes over bytes that must be there; none of them is kept.
   *
   * @param count How many.
   * @param what What they are, for the error.
   * @throws {FormatError} If the file ends before.
   */
  async skip(count: number, what: string): Promise<void> {
    const at = this.at;
    for (let left = count; left > 0;) {
      const { length } = await this.peek();
      if (length === 0) throw this.short(what, at, count, count - left);
      const step = Math.min(length, left);
      this.#used += step;
      left -= step;
    }
  }

  /** Ends the reading: what gives the parts may close its file. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  private short(what: string, at: number, count: number, there: number) {
    return this.flaw(
      `${what} is truncated: it takes ${countBytes(count)}, but there are ${there}`,
      at,
    );
  }

  async #next(): Promise<void> {
    const { value, done } = await this.#source.next();
    this.#before += this.#part.length;
    this.#used = 0;
    this.#ended = done === true;
    this.#part = done ? new Uint8Array(0) : value;
  }
}

/** A view of bytes as numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
