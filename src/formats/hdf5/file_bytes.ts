import { countBytes } from "../count_bytes.ts";
import type { Flaw } from "../decode_options.ts";
import { lookup3 } from "./lookup3.ts";

/** An address that means "nowhere": all bits are set. */
export const NOWHERE = Infinity;

/** How many times its size a file's texts may be: they lie in it once, but may be asked for again. */
const MOST_TEXT = 4;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The bytes of an HDF5 file, little endian, which can't be read beyond their end. */
export class FileBytes {
  /** All bytes. */
  readonly all: Uint8Array;
  /** Where addresses count from: what stands before it isn't HDF5's. */
  readonly base: number;
  /** Makes the error of a flaw. */
  readonly flaw: Flaw;
  readonly #view: DataView;
  #textBytes = 0;

  /**
   * Takes a file.
   *
   * @param all Its bytes.
   * @param base Where addresses count from.
   * @param flaw Makes the error of a flaw.
   */
  constructor(all: Uint8Array, base: number, flaw: Flaw) {
    this.all = all;
    this.base = base;
    this.flaw = flaw;
    this.#view = new DataView(all.buffer, all.byteOffset, all.byteLength);
  }

  /**
   * Checks that bytes are there.
   *
   * @param at Where they start.
   * @param size How many.
   * @param what What they are, for messages.
   * @returns Where they start.
   */
  need(at: number, size: number, what: string): number {
    const { length } = this.all;
    if (at >= 0 && size >= 0 && at + size <= length) return at;
    throw at === NOWHERE
      ? this.flaw(`${what} is nowhere in it`, 0)
      : this.flaw(`${what} ends at byte ${at + size}: it has ${countBytes(length)}`, length);
  }

  /** Bytes, not copied. */
  slice(at: number, size: number, what: string): Uint8Array {
    return this.all.subarray(this.need(at, size, what), at + size);
  }

  /** An integer of 8 bits. */
  u8(at: number, what: string): number {
    return this.#view.getUint8(this.need(at, 1, what));
  }

  /** An integer of 16 bits. */
  u16(at: number, what: string): number {
    return this.#view.getUint16(this.need(at, 2, what), true);
  }

  /** An integer of 32 bits. */
  u32(at: number, what: string): number {
    return this.#view.getUint32(this.need(at, 4, what), true);
  }

  /** An integer of 64 bits; those of more than 53 lie beyond any file, exact or not. */
  u64(at: number, what: string): number {
    return Number(this.#view.getBigUint64(this.need(at, 8, what), true));
  }

  /** An integer of any number of bytes. */
  uint(at: number, size: number, what: string): number {
    return this.slice(at, size, what).reduceRight((value, byte) => value * 256 + byte, 0);
  }

  /** A place in the file that an address of 64 bits names, or {@linkcode NOWHERE}. */
  address(at: number, what: string): number {
    const value = this.#view.getBigUint64(this.need(at, 8, what), true);
    return value === 0xffff_ffff_ffff_ffffn ? NOWHERE : Number(value) + this.base;
  }

  /**
   * Checks a signature.
   *
   * @param at Where it stands.
   * @param signature Its four letters.
   * @param what What starts with it, for messages.
   * @returns Where it ends.
   */
  signed(at: number, signature: string, what: string): number {
    const own = this.slice(at, signature.length, what);
    if (String.fromCharCode(...own) === signature) return at + signature.length;
    throw this.flaw(`${what} must start with "${signature}"`, at);
  }

  /**
   * Checks bytes by the checksum that follows them.
   *
   * @param from Where they start.
   * @param to Where they end.
   * @param what What they are, for messages.
   */
  checked(from: number, to: number, what: string): void {
    const sum = this.u32(to, what);
    if (lookup3(this.all.subarray(from, to)) === sum) return;
    throw this.flaw(`${what} is damaged: its checksum is wrong`, from);
  }

  /**
   * A text, up to the first 0 or to its end.
   *
   * @param at Where it starts.
   * @param size Its bytes.
   * @param what What it is, for messages.
   * @returns The text.
   * @throws {FormatError} If it isn't UTF-8, or a small file says by overlaps that it has very much text.
   */
  text(at: number, size: number, what: string): string {
    const bytes = this.slice(at, size, what);
    const zero = bytes.indexOf(0);
    this.#textBytes += zero < 0 ? size : zero;
    if (this.#textBytes > MOST_TEXT * this.all.length) {
      throw this.flaw("its texts lie in each other", at);
    }
    return decodeText(bytes, () => this.flaw(`${what} isn't UTF-8`, at));
  }
}

/**
 * Decodes a text, up to the first 0 or to its end.
 *
 * @param bytes Its bytes, UTF-8.
 * @param fail Makes the error if it is none.
 * @returns The text.
 */
export function decodeText(bytes: Uint8Array, fail: () => Error): string {
  const zero = bytes.indexOf(0);
  try {
    return utf8.decode(zero < 0 ? bytes : bytes.subarray(0, zero));
  } catch {
    throw fail();
  }
}
