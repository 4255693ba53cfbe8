import { importCrc32c } from "../packages.ts";
import { countBytes } from "./count_bytes.ts";
import type { Flaw } from "./decode_options.ts";

/** A record's data and where in the file the record starts. */
export interface EventRecord {
  readonly offset: number;
  readonly data: Uint8Array;
}

/** Before the data: its length, a 64-bit integer, and the length's checksum. */
const LENGTH_BYTES = 8;
const CHECKSUM_BYTES = 4;
const HEAD_BYTES = LENGTH_BYTES + CHECKSUM_BYTES;

/** Computes a checksum. */
type Checksum = (bytes: Uint8Array) => number;

/** A CRC-32C, masked: TensorFlow rotates it and adds this, since data may hold CRCs of its own. */
const MASK = 0xa282ead8;

async function loadChecksum(): Promise<Checksum> {
  const { default: { buf } } = await importCrc32c();
  return (bytes) => {
    const crc: number = buf(bytes);
    return ((crc >>> 15 | crc << 17) + MASK) >>> 0;
  };
}

/**
 * Writes records, one after the other: TensorFlow's TFRecord format.
 *
 * @param records The data of each.
 * @returns The bytes.
 */
export async function writeRecords(
  records: readonly Uint8Array[],
): Promise<Uint8Array<ArrayBuffer>> {
  const checksum = await loadChecksum();
  const size = records.reduce((sum, { length }) => sum + HEAD_BYTES + length + CHECKSUM_BYTES, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const record of records) {
    const start = offset + HEAD_BYTES;
    const end = start + record.length;
    view.setBigUint64(offset, BigInt(record.length), true);
    view.setUint32(
      offset + LENGTH_BYTES,
      checksum(bytes.subarray(offset, offset + LENGTH_BYTES)),
      true,
    );
    bytes.set(record, start);
    view.setUint32(end, checksum(record), true);
    offset = end + CHECKSUM_BYTES;
  }
  return bytes;
}

/**
 * Reads the records of a file.
 *
 * @param bytes The file's bytes.
 * @param flaw Makes the errors.
 * @returns The records, views of the bytes.
 * @throws {FormatError} If the file is truncated, or a checksum is wrong.
 */
export async function readRecords(bytes: Uint8Array, flaw: Flaw): Promise<EventRecord[]> {
  const checksum = await loadChecksum();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: EventRecord[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const start = offset + HEAD_BYTES;
    if (start > bytes.length) throw flaw("it ends within a record's head", bytes.length);
    const head = bytes.subarray(offset, offset + LENGTH_BYTES);
    if (checksum(head) !== view.getUint32(offset + LENGTH_BYTES, true)) {
      throw flaw("the checksum of a record's length is wrong", offset);
    }
    const length = Number(view.getBigUint64(offset, true));
    const end = start + length;
    if (end + CHECKSUM_BYTES > bytes.length) {
      throw flaw(
        `a record claims ${countBytes(length)}, but the file ends ${
          countBytes(bytes.length - start)
        } later`,
        offset,
      );
    }
    const data = bytes.subarray(start, end);
    if (checksum(data) !== view.getUint32(end, true)) {
      throw flaw("the checksum of a record is wrong", offset);
    }
    records.push({ offset, data });
    offset = end + CHECKSUM_BYTES;
  }
  return records;
}
