import { countBytes } from "../count_bytes.ts";
import { countElements, elementsOf, type Tensor } from "../tensor.ts";
import { readChunks } from "./chunks.ts";
import { type Datatype, readDatatype } from "./datatype.ts";
import { decodeText, type FileBytes, NOWHERE } from "./file_bytes.ts";
import { readFilters } from "./filters.ts";
import { findMessage, MESSAGE, type Message } from "./object_header.ts";
import type { StringHeaps } from "./string_heap.ts";

/** Texts of any rank. */
export interface Texts {
  /** The size of each dimension; of a single text `[]`. */
  readonly shape: readonly number[];
  /** The texts, row major. */
  readonly texts: readonly string[];
}

const WHAT = "a data set";
/** More dimensions than any array has. */
const MOST_DIMENSIONS = 32;

/** A data set in a file: numbers or texts. */
export class Hdf5DataSet {
  /** Where it stands in the file, in bytes from its start. */
  readonly at: number;
  readonly #file: FileBytes;
  readonly #messages: readonly Message[];
  readonly #heaps: StringHeaps;

  /**
   * Takes a data set; nothing of it is read yet.
   *
   * @param file The file.
   * @param at Where it stands.
   * @param messages Its header.
   * @param heaps The file's texts.
   */
  constructor(file: FileBytes, at: number, messages: readonly Message[], heaps: StringHeaps) {
    this.#file = file;
    this.at = at;
    this.#messages = messages;
    this.#heaps = heaps;
  }

  /**
   * Reads all of it.
   *
   * @returns The numbers or texts.
   * @throws {FormatError} If it is damaged, or of a kind that isn't supported.
   */
  async read(): Promise<Tensor | Texts> {
    const shape = this.#shape();
    const type = readDatatype(this.#file, this.#message(MESSAGE.datatype, "type"));
    const bytes = await this.#bytes(shape, type.bytes);
    if (type.kind === "numbers") return { shape, data: numbersOf(type, bytes) };
    return { shape, texts: this.#texts(type, bytes) };
  }

  #message(kind: number, name: string): Message {
    const message = findMessage(this.#messages, kind);
    if (!message) throw this.#file.flaw(`${WHAT} lacks its ${name}`, this.at);
    return message;
  }

  #shape(): number[] {
    const { at } = this.#message(MESSAGE.space, "shape");
    const version = this.#file.u8(at, WHAT);
    const rank = this.#file.u8(at + 1, WHAT);
    const isNull = version === 2 && this.#file.u8(at + 3, WHAT) === 2;
    if (version < 1 || version > 2 || rank > MOST_DIMENSIONS || isNull) {
      throw this.#file.flaw(`${WHAT} has an impossible shape, or none`, at);
    }
    const start = at + (version === 1 ? 8 : 4);
    return Array.from({ length: rank }, (_, i) => this.#file.u64(start + 8 * i, WHAT));
  }

  async #bytes(shape: readonly number[], each: number): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#file;
    const { at } = this.#message(MESSAGE.layout, "layout");
    const version = file.u8(at, WHAT);
    const kind = file.u8(at + 1, WHAT);
    if (version < 3 || version > 5 || kind > 2) {
      throw file.flaw(`${WHAT} is laid out in a way that isn't supported`, at);
    }
    if (kind === 2) {
      const filters = findMessage(this.#messages, MESSAGE.filters);
      const own = filters ? readFilters(file, filters) : [];
      return await readChunks(file, at, { shape, each, filters: own });
    }
    const total = countElements(shape) * each;
    if (total === 0) return new Uint8Array(0);
    const from = kind === 0 ? at + 4 : file.address(at + 2, WHAT);
    const stored = kind === 0 ? file.u16(at + 2, WHAT) : file.u64(at + 10, WHAT);
    if (from === NOWHERE) throw file.flaw(`${WHAT} was never written`, at);
    if (stored < total) {
      throw file.flaw(`${WHAT} claims ${countBytes(total)}, but stores ${countBytes(stored)}`, at);
    }
    return new Uint8Array(file.slice(from, total, WHAT));
  }

  #texts(type: Datatype, bytes: Uint8Array<ArrayBuffer>): string[] {
    return Array.from({ length: bytes.length / type.bytes }, (_, i) => {
      const start = i * type.bytes;
      if (type.kind === "heaped") {
        return this.#heaps.text(new DataView(bytes.buffer, bytes.byteOffset + start, type.bytes));
      }
      const own = bytes.subarray(start, start + type.bytes);
      return decodeText(own, () => this.#file.flaw("a string isn't UTF-8", this.at));
    });
  }
}

function numbersOf(
  { type, bigEndian, bytes: each }: Datatype & { kind: "numbers" },
  bytes: Uint8Array,
) {
  for (let i = 0; bigEndian && i < bytes.length; i += each) bytes.subarray(i, i + each).reverse();
  return elementsOf(type, bytes);
}
