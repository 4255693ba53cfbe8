import { countBytes } from "../formats/count_bytes.ts";
import { type Flaw, flawOf } from "../formats/decode_options.ts";
import { FormatError } from "../formats/format_error.ts";
import { gunzip } from "../formats/gunzip.ts";

/** The contents of an IDX file: an array of unsigned bytes. */
export interface IdxArray {
  /** The size of each dimension, the outermost first. */
  readonly shape: readonly number[];
  /** The elements, row major: `shape`'s product of them. */
  readonly data: Uint8Array;
}

/** The element type that is supported. */
const UNSIGNED_BYTE = 0x08;

/** The other element types that the format defines. */
const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [0x09, "signed bytes"],
  [0x0b, "16-bit integers"],
  [0x0c, "32-bit integers"],
  [0x0d, "32-bit floats"],
  [0x0e, "64-bit floats"],
]);

/** A file starts with two zero bytes, the element type and the rank. */
const MAGIC_BYTES = 4;

/** Then comes the size of each dimension, a big-endian 32-bit integer. */
const SIZE_BYTES = 4;

/** The longest header: with as many dimensions as a byte can tell. */
const MOST_HEADER_BYTES = MAGIC_BYTES + 255 * SIZE_BYTES;

/** What a file says it holds. */
interface IdxHeader {
  readonly shape: readonly number[];
  /** The header's length. */
  readonly bytes: number;
  /** The data's length, which can be more than a number holds exactly. */
  readonly dataBytes: bigint;
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join(" ");
}

/**
 * Parses an IDX file of unsigned bytes, the format of MNIST and its kin, of any
 * number of dimensions.
 *
 * The result's data is a view on `bytes`. The header is checked against the bytes
 * there are, and nothing is allocated by what it claims.
 *
 * @param bytes The file's bytes, not compressed.
 * @param name What to call the file in error messages.
 * @returns The array's shape and data.
 * @throws {FormatError} If the bytes are not an IDX file, hold elements of another
 * type, or are too few or too many.
 *
 * @example
 * ```ts
 * import { parseIdx } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]);
 * assertEquals(parseIdx(labels, "labels"), {
 *   shape: [3],
 *   data: new Uint8Array([7, 2, 1]),
 * });
 * ```
 */
export function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  const flaw = flawOf("IDX", { name });
  const header = parseHeader(bytes, flaw);
  const data = bytes.subarray(header.bytes);
  if (header.dataBytes > data.length) {
    throw flaw(`it is truncated: ${promiseOf(header)}, but there are ${data.length}`, bytes.length);
  }
  if (header.dataBytes < data.length) {
    const end = header.bytes + Number(header.dataBytes);
    throw flaw(`it has trailing bytes: ${promiseOf(header)}, but there are more`, end);
  }
  return { shape: header.shape, data };
}

function promiseOf({ shape, dataBytes }: IdxHeader): string {
  return `its header promises ${shape.join(" x ")} = ${countBytes(dataBytes)} of data`;
}

function parseHeader(bytes: Uint8Array, flaw: Flaw): IdxHeader {
  if (bytes.length < MAGIC_BYTES) {
    throw flaw(`it has ${countBytes(bytes.length)}, fewer than any header`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint8(2);
  const rank = view.getUint8(3);
  if (
    view.getUint16(0) !== 0 ||
    (type !== UNSIGNED_BYTE && !OTHER_TYPES.has(type))
  ) {
    const start = hexadecimal(bytes.subarray(0, MAGIC_BYTES));
    throw flaw(`it starts with the bytes ${start} instead of 00 00 08`, 0);
  }
  if (type !== UNSIGNED_BYTE) {
    throw flaw(`its elements are ${OTHER_TYPES.get(type)}: only unsigned bytes are supported`, 2);
  }
  if (rank === 0) throw flaw("it has no dimensions", 3);

  const headerBytes = MAGIC_BYTES + rank * SIZE_BYTES;
  if (bytes.length < headerBytes) {
    throw flaw(
      `it is truncated: its header takes ${countBytes(headerBytes)}, ` +
        `but the file has ${bytes.length}`,
      bytes.length,
    );
  }
  const shape = Array.from(
    { length: rank },
    (_, dimension) => view.getUint32(MAGIC_BYTES + dimension * SIZE_BYTES),
  );
  const dataBytes = shape.reduce((product, size) => product * BigInt(size), 1n);
  return { shape, bytes: headerBytes, dataBytes };
}

/**
 * Reads an IDX file of unsigned bytes that may be compressed with gzip, which its
 * first two bytes tell; it may have several members. Little more is decompressed than the header inside promises,
 * and errors count the decompressed bytes.
 *
 * @param bytes The file's bytes.
 * @param name What to call the file in error messages.
 * @returns The array's shape and data. If the file is not compressed, the data is
 * a view on `bytes`.
 * @throws {FormatError} If the compressed data is damaged, or for the reasons of
 * {@linkcode parseIdx}.
 *
 * @example
 * ```ts
 * import { readIdx } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]);
 * const compressed = await new Response(
 *   new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")),
 * ).bytes();
 * const labels = await readIdx(compressed, "labels.gz");
 * assertEquals(labels.shape, [3]);
 * ```
 */
export async function readIdx(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
): Promise<IdxArray> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return parseIdx(isGzip ? await decompress(bytes, name) : bytes, name);
}

/** Decompresses a file; one that is larger than it should be is cut off soon after that. */
async function decompress(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
): Promise<Uint8Array> {
  const flaw = flawOf("IDX", { name });
  try {
    const start = await gunzip(bytes, MOST_HEADER_BYTES);
    const header = parseHeader(start, flaw);
    return await gunzip(bytes, header.bytes + Number(header.dataBytes));
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw flaw("its gzip data is damaged or incomplete", 0, cause);
  }
}
