import { type DecodeOptions, type Flaw, flawOf } from "./decode_options.ts";
import { countBytes } from "./count_bytes.ts";
import { parseNpyHeader } from "./npy_header.ts";
import {
  bytesOf,
  checkTensor,
  countElements,
  ELEMENT_TYPES,
  elementsOf,
  type ElementType,
  formatShape,
  type Tensor,
  type TensorData,
} from "./tensor.ts";

// The library for these files, npyjs, takes the data's length for granted and brings a polyfill of
// fetch; the format is small enough.

/** A file starts with this, the version's two numbers, and the header's length. */
const MAGIC = new Uint8Array([0x93, ...new TextEncoder().encode("NUMPY")]);
const VERSION_BYTES = 2;
/** The header's length is a 16-bit integer in version 1, and a 32-bit integer after that. */
const LENGTH_BYTES: Readonly<Record<number, 2 | 4>> = { 1: 2, 2: 4, 3: 4 };
/** What comes before the header of a file that is written. */
const PREFIX_BYTES = MAGIC.length + VERSION_BYTES + 2;

/** The data starts at a multiple of this. */
const ALIGNMENT = 64;

/** NumPy's limit. */
const MOST_DIMENSIONS = 64;

/**
 * Encodes an array as a `.npy` file, NumPy's format: version 1.0, little endian, in C order.
 *
 * @param data The elements, row major.
 * @param shape The size of each dimension; of a scalar `[]`.
 * @returns The file's bytes.
 * @throws {TypeError} If the data doesn't fit the shape.
 * @throws {RangeError} If a size is below 0, or there are more than 64 dimensions.
 *
 * @example
 * ```ts
 * import { decodeNpy, encodeNpy } from "@galvani/snn/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeNpy(new Float32Array([1, 2, 3, 4, 5, 6]), [2, 3]);
 * assertEquals(decodeNpy(bytes), {
 *   shape: [2, 3],
 *   data: new Float32Array([1, 2, 3, 4, 5, 6]),
 * });
 * ```
 */
export function encodeNpy(data: TensorData, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const type = checkTensor("Cannot encode as npy", { shape, data });
  if (shape.length > MOST_DIMENSIONS) {
    throw new RangeError(
      `Cannot encode as npy as there may be ${MOST_DIMENSIONS} dimensions: there are ${shape.length}`,
    );
  }
  const tuple = shape.length === 1 ? `(${shape},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${type.npy}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((PREFIX_BYTES + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = `${text.padEnd(start - PREFIX_BYTES - 1)}\n`;

  const bytes = new Uint8Array(start + data.byteLength);
  bytes.set([...MAGIC, 1, 0]);
  new DataView(bytes.buffer).setUint16(PREFIX_BYTES - 2, header.length, true);
  bytes.set(new TextEncoder().encode(header), PREFIX_BYTES);
  bytes.set(bytesOf(data), start);
  return bytes;
}

/**
 * Decodes a `.npy` file, NumPy's format: versions 1 to 3, little endian, in C order. Booleans become
 * bytes, 0 and 1.
 *
 * @param bytes The file's bytes.
 * @param options What to call the file.
 * @returns The array; its data is a copy.
 * @throws {FormatError} If the file is damaged, or holds elements of a type or in an order that
 * isn't supported.
 *
 * @example
 * ```ts
 * import { decodeNpy, FormatError } from "@galvani/snn/formats";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => decodeNpy(new Uint8Array(3), { name: "spikes.npy" }), FormatError);
 * ```
 */
export function decodeNpy(bytes: Uint8Array, options: DecodeOptions = {}): Tensor {
  const flaw = flawOf("npy", options);
  const { text, offset, start } = readHeader(bytes, flaw);
  const header = parseNpyHeader(text);
  if (!header) throw flaw("its header doesn't name descr, fortran_order and shape", offset);
  const { descr, shape, isFortran } = header;
  if (descr === undefined) {
    throw flaw("its elements are records of several values: supported are numbers", offset);
  }
  const type = typeNamed(descr);
  if (!type) {
    const supported = ELEMENT_TYPES.map(({ npy }) => npy).join(", ");
    throw flaw(
      `its elements are of the type ${
        JSON.stringify(descr.slice(0, 20))
      }: supported are ${supported}`,
      offset,
    );
  }
  if (!shape || shape.length > MOST_DIMENSIONS) {
    throw flaw("its shape isn't a tuple of up to 64 integers", offset);
  }
  if (isFortran && shape.length > 1) {
    throw flaw("it is in Fortran's order: only C's is supported", offset);
  }
  const count = countElements(shape);
  if (count * type.Array.BYTES_PER_ELEMENT !== bytes.length - start) {
    throw flaw(
      `its header promises ${formatShape(shape)} = ${count} elements of ${
        countBytes(type.Array.BYTES_PER_ELEMENT)
      }, but ${countBytes(bytes.length - start)} follow`,
      start,
    );
  }
  return { shape, data: elementsOf(type, bytes.subarray(start)) };
}

/** The text of a file's header, where it begins, and where the data does. */
function readHeader(
  bytes: Uint8Array,
  flaw: Flaw,
): { text: string; offset: number; start: number } {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw flaw("it doesn't start as a file of NumPy", 0);
  }
  const [major, minor] = bytes.subarray(MAGIC.length);
  const lengthBytes = LENGTH_BYTES[major ?? 1];
  if (lengthBytes === undefined || (minor ?? 0) !== 0) {
    throw flaw(`it is of version ${major}.${minor}: supported are 1.0, 2.0 and 3.0`, MAGIC.length);
  }
  const at = MAGIC.length + VERSION_BYTES;
  const offset = at + lengthBytes;
  if (bytes.length < offset) {
    throw flaw(`it ends after ${countBytes(bytes.length)}, within its header`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headerBytes = lengthBytes === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
  const start = offset + headerBytes;
  if (bytes.length < start) {
    throw flaw(
      `its header claims ${countBytes(headerBytes)}, but ${bytes.length - offset} follow`,
      at,
    );
  }
  const encoding = major === 3 ? "utf-8" : "latin1";
  return { text: new TextDecoder(encoding).decode(bytes.subarray(offset, start)), offset, start };
}

/** The type of a name; bytes have no order, so that any is theirs. */
function typeNamed(descr: string): ElementType | undefined {
  const name = descr.replace(/^[<>=|]?(?=[iub]1$)/, "|").replace(/^(\|b1|\?)$/, "|u1");
  return ELEMENT_TYPES.find(({ npy }) => npy === name);
}
