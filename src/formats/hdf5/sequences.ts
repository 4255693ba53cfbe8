import type { SequenceType } from "./datatype.ts";
import type { FileBytes } from "./file_bytes.ts";
import type { GlobalHeaps } from "./global_heap.ts";

/** What stands in the data of a sequence: its length, a heap's address, an object's number. */
const REFERENCE_BYTES = 16;

/** Reads a number. */
type Get = (view: DataView, at: number, littleEndian: boolean) => number;

const GETTERS: Readonly<Record<string, Get>> = {
  F16: (view, at, little) => halfOf(view.getUint16(at, little)),
  F32: (view, at, little) => view.getFloat32(at, little),
  F64: (view, at, little) => view.getFloat64(at, little),
  I8: (view, at) => view.getInt8(at),
  I16: (view, at, little) => view.getInt16(at, little),
  I32: (view, at, little) => view.getInt32(at, little),
  I64: (view, at, little) => Number(view.getBigInt64(at, little)),
  U8: (view, at) => view.getUint8(at),
  U16: (view, at, little) => view.getUint16(at, little),
  U32: (view, at, little) => view.getUint32(at, little),
  U64: (view, at, little) => Number(view.getBigUint64(at, little)),
};

/** Sequences of numbers, of any lengths; each is read when it is asked for, and not kept. */
export class Hdf5Sequences {
  /** How many there are. */
  readonly count: number;
  readonly #file: FileBytes;
  readonly #references: DataView;
  readonly #type: SequenceType;
  readonly #heaps: GlobalHeaps;

  /**
   * Takes the places of sequences.
   *
   * @param file The file.
   * @param references What stands in the data, 16 bytes each.
   * @param type The numbers.
   * @param heaps Where they lie.
   */
  constructor(
    file: FileBytes,
    references: Uint8Array,
    type: SequenceType,
    heaps: GlobalHeaps,
  ) {
    this.#file = file;
    this.#references = new DataView(references.buffer, references.byteOffset, references.length);
    this.#type = type;
    this.#heaps = heaps;
    this.count = references.length / REFERENCE_BYTES;
  }

  /**
   * Reads a sequence.
   *
   * @param i Its index.
   * @returns Where it stands in the file, and its numbers; integers of 64 bits may be rounded.
   * @throws {FormatError} If it isn't where it should be.
   */
  read(i: number): { at: number; values: Float64Array<ArrayBuffer> } {
    const [references, start] = [this.#references, i * REFERENCE_BYTES];
    const length = references.getUint32(start, true);
    if (length === 0) return { at: 0, values: new Float64Array(0) };
    const { name, bytes: each, bigEndian } = this.#type;
    const address = Number(references.getBigUint64(start + 4, true));
    const index = references.getUint32(start + 12, true);
    const { at } = this.#heaps.find(address, index, length * each);
    const bytes = this.#file.slice(at, length * each, "a sequence");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const values = new Float64Array(length);
    const get = GETTERS[name]!;
    for (let k = 0; k < length; k++) values[k] = get(view, k * each, !bigEndian);
    return { at, values };
  }
}

/** A number of 16 bits: engines without `getFloat16` are still around. */
function halfOf(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = bits >> 10 & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
