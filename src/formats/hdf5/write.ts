/**
 * Writes HDF5 of version 1.8 (2008) and later: groups, and data sets of numbers and texts, in one piece,
 * without attributes and times. The same tree gives the same bytes.
 *
 * @module
 */

import { bytesOf, checkTensor, type Tensor } from "../tensor.ts";
import { ByteWriter } from "./byte_writer.ts";
import { lookup3 } from "./lookup3.ts";
import { MESSAGE } from "./object_header.ts";
import type { Texts } from "./data_set.ts";
import { TextHeapWriter } from "./write_texts.ts";

/** A group, numbers, texts, or one text. */
export type Hdf5Item = Hdf5Tree | Tensor | Texts | string;

/** A group: its members by their names. */
export interface Hdf5Tree extends ReadonlyMap<string, Hdf5Item> {}

const NOWHERE = 0xffff_ffff_ffff_ffffn;
const SUPERBLOCK_BYTES = 48;
/** Bytes of a name at most: a message has 65,535. */
const MOST_NAME_BYTES = 65_000;
const FILL_VALUE = 0x05, GROUP_INFO = 0x0a;
/** Texts of any length, UTF-8, ended by 0. */
const TEXT_TYPE = [0x19, 1, 1, 0, 16, 0, 0, 0, 0x13, 0x10, 0, 0, 1, 0, 0, 0];
const FLOAT32_TYPE = [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];
const FLOAT64_TYPE = [0x11, 0x20, 63, 0, 8, 0, 0, 0, 0, 0, 64, 0, 52, 11, 0, 52, 0xff, 3, 0, 0];

const utf8 = new TextEncoder();

/**
 * Writes a file.
 *
 * @param root What its root holds.
 * @returns The file's bytes.
 * @throws {TypeError} If the data of a tensor don't fit its shape.
 * @throws {RangeError} If a name is too long.
 */
export function writeHdf5(root: Hdf5Tree): Uint8Array<ArrayBuffer> {
  const file = new ByteWriter();
  file.zeros(SUPERBLOCK_BYTES);
  const texts = new TextHeapWriter(file);
  for (const text of textsOf(root)) texts.add(text);
  texts.close();
  const at = writeGroup(file, root, texts, "");
  const end = file.align();
  const superblock = new ByteWriter()
    .bytes([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 2, 8, 8, 0])
    .u64(0).u64(NOWHERE).u64(end).u64(at);
  superblock.u32(lookup3(superblock.from(0)));
  const bytes = file.from(0).slice();
  bytes.set(superblock.from(0));
  return bytes;
}

function* textsOf(item: Hdf5Item): Generator<string> {
  if (typeof item === "string") yield item;
  else if ("texts" in item) yield* item.texts;
  else if (!("data" in item)) { for (const member of item.values()) yield* textsOf(member); }
}

function writeItem(file: ByteWriter, item: Hdf5Item, texts: TextHeapWriter, path: string): number {
  if (typeof item === "string") {
    return writeDataSet(file, { shape: [], texts: [item] }, texts, path);
  }
  if ("texts" in item || "data" in item) return writeDataSet(file, item, texts, path);
  return writeGroup(file, item, texts, path);
}

function writeGroup(file: ByteWriter, tree: Hdf5Tree, texts: TextHeapWriter, path: string): number {
  const links = Array.from(tree, ([name, item]): [number, ByteWriter] => {
    const own = `${path}/${name}`;
    const at = writeItem(file, item, texts, own);
    const encoded = utf8.encode(name);
    if (encoded.length > MOST_NAME_BYTES) {
      throw new RangeError(`Cannot write "${own.slice(0, 60)}..." as its name is too long`);
    }
    // The name is UTF-8, its length takes 16 bits.
    const link = new ByteWriter().bytes([1, 0x11, 1]).u16(encoded.length).bytes(encoded).u64(at);
    return [MESSAGE.link, link];
  });
  const info = new ByteWriter().bytes([0, 0]).u64(NOWHERE).u64(NOWHERE);
  return writeHeader(file, [
    [MESSAGE.linkInfo, info],
    [GROUP_INFO, new ByteWriter().u16(0)],
    ...links,
  ]);
}

function writeDataSet(
  file: ByteWriter,
  item: Tensor | Texts,
  texts: TextHeapWriter,
  path: string,
): number {
  const at = file.align();
  let type: number[];
  if ("texts" in item) {
    type = TEXT_TYPE;
    for (const text of item.texts) texts.refer(text);
  } else {
    const { safetensors, Array } = checkTensor(`Cannot write "${path}"`, item);
    type = numberType(safetensors, Array.BYTES_PER_ELEMENT);
    file.bytes(bytesOf(item.data));
  }
  const size = file.length - at;
  const space = new ByteWriter().bytes([2, item.shape.length, 0, item.shape.length > 0 ? 1 : 0]);
  for (const size of item.shape) space.u64(size);
  return writeHeader(file, [
    [MESSAGE.space, space],
    [MESSAGE.datatype, new ByteWriter().bytes(type)],
    // Space is there once data are; nothing fills it before.
    [FILL_VALUE, new ByteWriter().bytes([3, 0x0a])],
    [MESSAGE.layout, new ByteWriter().bytes([3, 1]).u64(size > 0 ? at : NOWHERE).u64(size)],
  ]);
}

function numberType(name: string, bytes: number): number[] {
  if (name === "F32") return FLOAT32_TYPE;
  if (name === "F64") return FLOAT64_TYPE;
  const signed = name.startsWith("I") ? 8 : 0;
  return [0x10, signed, 0, 0, bytes, 0, 0, 0, 0, 0, 8 * bytes, 0];
}

function writeHeader(
  file: ByteWriter,
  messages: readonly (readonly [number, ByteWriter])[],
): number {
  const start = file.align();
  const size = messages.reduce((sum, [, { length }]) => sum + 4 + length, 0);
  // Of version 2; its size takes 4 bytes.
  file.bytes(utf8.encode("OHDR")).bytes([2, 2]).u32(size);
  for (const [kind, message] of messages) {
    file.bytes([kind]).u16(message.length).bytes([0]).bytes(message.from(0));
  }
  file.u32(lookup3(file.from(start)));
  return start;
}
