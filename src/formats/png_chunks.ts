import { importCrc32 } from "../packages.ts";
import { countBytes } from "./count_bytes.ts";
import type { Flaw } from "./decode_options.ts";

/** A chunk of a PNG file, of which nothing is known but that it isn't damaged. */
export interface PngChunk {
  /** Its four letters. */
  readonly type: string;
  /** Where in the file it starts. */
  readonly offset: number;
  /** All of it: length, type, data and checksum. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its data. */
  readonly data: Uint8Array<ArrayBuffer>;
}

const SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What a chunk has besides its data. */
const LENGTH_BYTES = 4;
const TYPE_BYTES = 4;
const CHECKSUM_BYTES = 4;

/**
 * Splits a PNG file into its chunks, up to the last.
 *
 * @param bytes The file's bytes.
 * @param flaw Makes the errors.
 * @returns The chunks, views of the bytes.
 * @throws {FormatError} If the file is truncated, or a checksum is wrong.
 */
export async function readPngChunks(
  bytes: Uint8Array<ArrayBuffer>,
  flaw: Flaw,
): Promise<PngChunk[]> {
  const { default: crc32 } = await importCrc32();
  if (SIGNATURE.some((byte, index) => bytes[index] !== byte)) {
    throw flaw("it doesn't start with the signature of PNG", 0);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: PngChunk[] = [];
  let offset = SIGNATURE.length;
  do {
    const start = offset + LENGTH_BYTES + TYPE_BYTES;
    if (start > bytes.length) throw flaw("it ends before its IEND chunk", bytes.length);
    const length = view.getUint32(offset);
    const end = start + length;
    if (end + CHECKSUM_BYTES > bytes.length) {
      throw flaw(
        `a chunk claims ${countBytes(length)}, but the file ends ${
          countBytes(bytes.length - start)
        } later`,
        offset,
      );
    }
    const checked = bytes.subarray(offset + LENGTH_BYTES, end);
    const type = String.fromCharCode(...checked.subarray(0, TYPE_BYTES));
    if (crc32.buf(checked) !== view.getInt32(end)) {
      throw flaw("the checksum of a chunk is wrong", offset);
    }
    const all = bytes.subarray(offset, end + CHECKSUM_BYTES);
    chunks.push({ type, offset, bytes: all, data: checked.subarray(TYPE_BYTES) });
    offset = end + CHECKSUM_BYTES;
  } while (chunks.at(-1)?.type !== "IEND");
  return chunks;
}
