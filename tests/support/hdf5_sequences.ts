/**
 * Writes the HDF5 file of a data set of spoken words: labels, and the times and units of spikes as sequences
 * of any length in global heaps.
 *
 * @module
 */

import { ByteWriter } from "../../src/formats/hdf5/byte_writer.ts";
import { lookup3 } from "../../src/formats/hdf5/lookup3.ts";
import { MESSAGE } from "../../src/formats/hdf5/object_header.ts";

/** A spoken word as the files have it. */
export interface SpokenWord {
  /** The time of each spike, in seconds. */
  readonly times: Float16Array;
  /** The channel of each spike. */
  readonly units: Uint16Array;
  /** Which word it is. */
  readonly label: number;
}

const NOWHERE = 0xffff_ffff_ffff_ffffn;
const SUPERBLOCK_BYTES = 48;
/** Bytes of a heap at least, and before each of its objects. */
const LEAST_HEAP = 4096, HEAD_BYTES = 16;
const GROUP_INFO = 0x0a, FILL_VALUE = 0x05;
const UINT16_TYPE = [0x10, 0, 0, 0, 2, 0, 0, 0, 0, 0, 16, 0];
const FLOAT16_TYPE = [0x11, 0x20, 15, 0, 2, 0, 0, 0, 0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0];
/** Sequences of what follows, 16 bytes each. */
const SEQUENCE = [0x19, 0, 0, 0, 16, 0, 0, 0];

/** Where a sequence lies. */
interface Reference {
  readonly length: number;
  readonly heap: number;
  readonly index: number;
}

const ascii = (text: string) => new TextEncoder().encode(text);

/**
 * Writes words.
 *
 * @param words The words.
 * @returns The file's bytes.
 */
export function encodeSpokenWords(words: readonly SpokenWord[]): Uint8Array<ArrayBuffer> {
  const file = new ByteWriter();
  file.zeros(SUPERBLOCK_BYTES);
  const places = words.map(({ times, units }) => {
    const [first, second] = writeHeap(file, [times, units]);
    return { times: first!, units: second! };
  });
  const sequences = (name: keyof typeof places[number], of: readonly number[]) =>
    writeDataSet(file, [...SEQUENCE, ...of], words.length, () => {
      for (const { [name]: { length, heap, index } } of places) {
        file.u32(length).u64(heap).u32(index);
      }
    });
  const spikes = writeGroup(file, {
    times: sequences("times", FLOAT16_TYPE),
    units: sequences("units", UINT16_TYPE),
  });
  const labels = writeDataSet(file, UINT16_TYPE, words.length, () => {
    for (const { label } of words) file.u16(label);
  });
  const root = writeGroup(file, { labels, spikes });
  const superblock = new ByteWriter()
    .bytes([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 2, 8, 8, 0])
    .u64(0).u64(NOWHERE).u64(file.align()).u64(root);
  superblock.u32(lookup3(superblock.from(0)));
  const bytes = file.from(0).slice();
  bytes.set(superblock.from(0));
  return bytes;
}

/** Writes a heap of some sequences. */
function writeHeap(file: ByteWriter, all: readonly (Float16Array | Uint16Array)[]): Reference[] {
  const heap = file.align();
  const size = all.reduce(
    (sum, { byteLength }) => sum + HEAD_BYTES + Math.ceil(byteLength / 8) * 8,
    2 * HEAD_BYTES,
  );
  file.bytes(ascii("GCOL")).bytes([1, 0, 0, 0]).u64(Math.max(size, LEAST_HEAP));
  const references = all.map((numbers, i) => {
    file.u16(i + 1).u16(1).u32(0).u64(numbers.byteLength);
    file.bytes(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    file.align();
    return { length: numbers.length, heap, index: i + 1 };
  });
  // Object 0 is what is left.
  const left = HEAD_BYTES + Math.max(0, LEAST_HEAP - size);
  file.u16(0).u16(0).u32(0).u64(left).zeros(left - HEAD_BYTES);
  return references;
}

function writeDataSet(
  file: ByteWriter,
  type: readonly number[],
  count: number,
  writeData: () => void,
): number {
  const at = file.align();
  writeData();
  const size = file.length - at;
  return writeHeader(file, [
    [MESSAGE.space, new ByteWriter().bytes([2, 1, 0, 1]).u64(count)],
    [MESSAGE.datatype, new ByteWriter().bytes(type)],
    [FILL_VALUE, new ByteWriter().bytes([3, 0x0a])],
    [MESSAGE.layout, new ByteWriter().bytes([3, 1]).u64(at).u64(size)],
  ]);
}

function writeGroup(file: ByteWriter, members: Readonly<Record<string, number>>): number {
  const links = Object.entries(members).map(([name, at]): [number, ByteWriter] => [
    MESSAGE.link,
    new ByteWriter().bytes([1, 0, name.length]).bytes(ascii(name)).u64(at),
  ]);
  return writeHeader(file, [
    [MESSAGE.linkInfo, new ByteWriter().bytes([0, 0]).u64(NOWHERE).u64(NOWHERE)],
    [GROUP_INFO, new ByteWriter().u16(0)],
    ...links,
  ]);
}

function writeHeader(
  file: ByteWriter,
  messages: readonly (readonly [number, ByteWriter])[],
): number {
  const start = file.align();
  const size = messages.reduce((sum, [, { length }]) => sum + 4 + length, 0);
  file.bytes(ascii("OHDR")).bytes([2, 2]).u32(size);
  for (const [kind, message] of messages) {
    file.bytes([kind]).u16(message.length).bytes([0]).bytes(message.from(0));
  }
  file.u32(lookup3(file.from(start)));
  return start;
}
