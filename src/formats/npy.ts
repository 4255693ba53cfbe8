import { type DecodeOptions, flawOf } from "./decode_options.ts";
import { countBytes } from "./count_bytes.ts";
import {
  bytesOf,
  checkTensor,
  countElements,
  ELEMENT_TYPES,
  elementsOf,
  formatShape,
  type Tensor,
  type TensorData,
} from "./tensor.ts";

// The library for these files, npyjs, takes the data's length for granted and brings a polyfill of
// fetch; the format is small enough.

/** A file starts with this, the version, and the header's length as a 16-bit integer. */
const MAGIC = new Uint8Array([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
const PREFIX_BYTES = MAGIC.length + 2;

/** The data starts at a multiple of this. */
const ALIGNMENT = 64;

/** NumPy's limit. */
const MOST_DIMENSIONS = 64;

/** The header is the literal of a Python dictionary, whose keys are in the alphabet's order. */
const HEADER =
  /^\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([^)]*)\),?\s*\}\s*$/;

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
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint16(MAGIC.length, header.length, true);
  bytes.set(new TextEncoder().encode(header), PREFIX_BYTES);
  bytes.set(bytesOf(data), start);
  return bytes;
}

/**
 * Decodes a `.npy` file, NumPy's format: version 1.0, little endian, in C order.
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
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw flaw("it doesn't start as a file of version 1.0", 0);
  }
  if (bytes.length < PREFIX_BYTES) {
    throw flaw(`it ends after ${countBytes(bytes.length)}, within its header`, bytes.length);
  }
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint16(MAGIC.length, true);
  const start = PREFIX_BYTES + headerBytes;
  if (bytes.length < start) {
    throw flaw(
      `its header claims ${countBytes(headerBytes)}, but ${bytes.length - PREFIX_BYTES} follow`,
      MAGIC.length,
    );
  }
  const header = HEADER.exec(new TextDecoder("latin1").decode(bytes.subarray(PREFIX_BYTES, start)));
  const [, descr = "", order = "", tuple = ""] = header ?? [];
  if (!header) {
    throw flaw("its header doesn't name descr, fortran_order and shape", PREFIX_BYTES);
  }
  const type = ELEMENT_TYPES.find(({ npy }) => npy === descr);
  if (!type) {
    const supported = ELEMENT_TYPES.map(({ npy }) => npy).join(", ");
    throw flaw(
      `its elements are of the type ${
        JSON.stringify(descr.slice(0, 20))
      }: supported are ${supported}`,
      PREFIX_BYTES,
    );
  }
  const shape = parseShape(tuple);
  if (!shape) throw flaw("its shape isn't a tuple of up to 64 integers", PREFIX_BYTES);
  if (order === "True" && shape.length > 1) {
    throw flaw("it is in Fortran's order: only C's is supported", PREFIX_BYTES);
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

/** The numbers in a tuple such as `2, 3` or `3,`; undefined if it is none. */
function parseShape(tuple: string): number[] | undefined {
  if (tuple.trim() === "") return [];
  const sizes = tuple.replace(/,\s*$/, "").split(",").map((size) => size.trim());
  if (sizes.length > MOST_DIMENSIONS || !sizes.every((size) => /^\d{1,15}$/.test(size))) return;
  return sizes.map(Number);
}
