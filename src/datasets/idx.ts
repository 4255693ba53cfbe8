/**
 * IDX files, the format of MNIST: big-endian sizes, then unsigned bytes.
 *
 * @module
 */

/** The contents of an IDX file. */
export interface IdxArray {
  /** Its sizes, the slowest dimension first. */
  readonly shape: readonly number[];
  /** Its values, row by row: a view of the file's bytes. */
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads an IDX file of unsigned bytes.
 *
 * @param bytes The file's contents, plain or compressed by gzip.
 * @param name The file's name, for messages.
 * @returns Shape and values.
 * @throws {SyntaxError} If the file isn't a whole IDX file of unsigned bytes; the message says why.
 *
 * @example
 * ```ts
 * import { readIdx } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const file = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);
 * assertEquals(await readIdx(file, "labels"), { shape: [2], data: new Uint8Array([7, 9]) });
 * ```
 */
export async function readIdx(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<IdxArray> {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? await gunzip(bytes, name) : bytes;
  const fail = (what: string) => new SyntaxError(`Cannot read "${name}": ${what}`);
  if (plain.length < 4) throw fail(`it has ${plain.length} bytes, too few for an IDX file`);
  const [zero0, zero1, type, rank] = plain;
  if (zero0 !== 0 || zero1 !== 0 || rank === 0) {
    const start = Array.from(plain.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0"));
    throw fail(`it is no IDX file, which starts with 00 00: it starts with ${start.join(" ")}`);
  }
  if (type !== UNSIGNED_BYTE) {
    throw fail(`its elements must be unsigned bytes (type 0x08): they are of type 0x${type!.toString(16)}`);
  }
  const start = 4 + 4 * rank!;
  if (plain.length < start) {
    throw fail(`it is truncated: its header needs ${start} bytes, it has ${plain.length}`);
  }
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  const shape = Array.from({ length: rank! }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  if (plain.length !== start + size) {
    throw fail(
      `it is ${plain.length < start + size ? "truncated" : "too long"}: ${shape.join(" x ")} values ` +
        `need ${start + size} bytes, it has ${plain.length}`,
    );
  }
  return { shape, data: plain.subarray(start) };
}

async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw new SyntaxError(`Cannot read "${name}": its gzip compression is corrupt or truncated`, {
      cause,
    });
  }
}
