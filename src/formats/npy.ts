import { type DecodeOptions, flawOf } from "./decode_options.ts";
import { countBytes } from "./count_bytes.ts";
import { MOST_DIMENSIONS, NPY_MAGIC, readNpyHeader } from "./npy_header.ts";
import {
  bytesOf,
  checkTensor,
  countElements,
  elementsOf,
  formatShape,
  type Tensor,
  type TensorData,
} from "./tensor.ts";

// The library for these files, npyjs, takes the data's length for granted and brings a polyfill of
// fetch; the format is small enough.

/** What comes before the header's text: the version, and the text's length as a 16-bit integer. */
const PREFIX_BYTES = NPY_MAGIC.length + 4;

/** The data starts at a multiple of this. */
const ALIGNMENT = 64;

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
  bytes.set(NPY_MAGIC);
  bytes[NPY_MAGIC.length] = 1;
  new DataView(bytes.buffer).setUint16(NPY_MAGIC.length + 2, header.length, true);
  bytes.set(new TextEncoder().encode(header), PREFIX_BYTES);
  bytes.set(bytesOf(data), start);
  return bytes;
}

/**
 * Decodes a `.npy` file, NumPy's format: versions 1.0 to 3.0, little endian, in C order. Truth values
 * become bytes of 0 and 1.
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
  const { type, bool, shape, start } = readNpyHeader(bytes, flaw);
  const count = countElements(shape);
  if (count * type.Array.BYTES_PER_ELEMENT !== bytes.length - start) {
    throw flaw(
      `its header promises ${formatShape(shape)} = ${count} elements of ${
        countBytes(type.Array.BYTES_PER_ELEMENT)
      }, but ${countBytes(bytes.length - start)} follow`,
      start,
    );
  }
  const data = elementsOf(type, bytes.subarray(start));
  return {
    shape,
    data: bool ? Uint8Array.from(data as Uint8Array, (value) => +(value !== 0)) : data,
  };
}
