/**
 * Reads HDF5: what NIR's writers make of it, and no more. The library itself, as a package in wasm, gives
 * uninitialised numbers for a damaged chunk, follows links to other files, and may leave its memory broken
 * after a bad file; none of that can be seen from outside. Here nothing is read beyond the bytes, nothing
 * is allocated that they don't prove, and all else is a named error.
 *
 * @module
 */

import type { Flaw } from "../decode_options.ts";
import { Hdf5DataSet } from "./data_set.ts";
import { FileBytes } from "./file_bytes.ts";
import { readLinks } from "./links.ts";
import { MESSAGE, readObjectHeader } from "./object_header.ts";
import { StringHeaps } from "./string_heap.ts";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** The first place but the start where a file may begin; then each twice as far. */
const FIRST_OFFSET = 512;

/** What the objects of a file share. */
interface Shared {
  readonly heaps: StringHeaps;
  /** By objects' places, where the link to each stands. */
  readonly links: Map<number, number>;
}

/**
 * A group in a file: groups and data sets by their names. Two links to one object are refused: so no file,
 * however small, holds more than it has bytes for.
 */
export class Hdf5Group {
  /** Where it stands in the file, in bytes from its start. */
  readonly at: number;
  readonly #file: FileBytes;
  readonly #shared: Shared;
  readonly #members = new Map<string, { at: number; target: number | undefined }>();

  /**
   * Reads the names of a group.
   *
   * @param file The file.
   * @param at Where the group stands.
   * @param shared What the file's objects share.
   * @throws {FormatError} If it is damaged, or no group.
   */
  constructor(file: FileBytes, at: number, shared: Shared) {
    this.at = at;
    this.#file = file;
    this.#shared = shared;
    const links = readLinks(file, readObjectHeader(file, at));
    if (!links) throw file.flaw("what must be a group is none", at);
    for (const { name, ...link } of links) {
      if (this.#members.has(name)) {
        throw file.flaw(`two members are ${JSON.stringify(name)}`, link.at);
      }
      this.#members.set(name, link);
    }
  }

  /** The members' names. */
  get names(): readonly string[] {
    return [...this.#members.keys()];
  }

  /**
   * A member.
   *
   * @param name Its name.
   * @returns It, or undefined if there is none.
   * @throws {FormatError} If it is damaged, a link to a path or to another file, or to what another link
   * leads to.
   */
  get(name: string): Hdf5Group | Hdf5DataSet | undefined {
    const link = this.#members.get(name);
    if (!link) return undefined;
    if (link.target === undefined) {
      throw this.#file.flaw(`${JSON.stringify(name)} links to a path or another file`, link.at);
    }
    const { heaps, links } = this.#shared;
    if ((links.get(link.target) ?? link.at) !== link.at) {
      throw this.#file.flaw(`${JSON.stringify(name)} is in it by another name, too`, link.at);
    }
    links.set(link.target, link.at);
    const messages = readObjectHeader(this.#file, link.target);
    return messages.some(({ kind }) => kind === MESSAGE.layout)
      ? new Hdf5DataSet(this.#file, link.target, messages, heaps)
      : new Hdf5Group(this.#file, link.target, this.#shared);
  }
}

/**
 * Opens a file.
 *
 * @param bytes Its bytes.
 * @param flaw Makes the errors.
 * @returns Its root.
 * @throws {FormatError} If it isn't HDF5, is truncated, or its root is damaged.
 */
export function openHdf5(bytes: Uint8Array, flaw: Flaw): Hdf5Group {
  let base = 0;
  while (!SIGNATURE.every((byte, i) => bytes[base + i] === byte)) {
    base = base === 0 ? FIRST_OFFSET : 2 * base;
    if (base >= bytes.length) throw flaw("it doesn't start as HDF5 does", 0);
  }
  const file = new FileBytes(bytes, base, flaw);
  const what = "the superblock";
  const version = file.u8(base + 8, what);
  if (version > 3) throw flaw(`${what} is of version ${version}: supported are 0 to 3`, base + 8);
  const isOld = version < 2;
  const sizes = base + (isOld ? 13 : 9);
  if (file.u8(sizes, what) !== 8 || file.u8(sizes + 1, what) !== 8) {
    throw flaw("its offsets and lengths must take 8 bytes", sizes);
  }
  if (!isOld) file.checked(base, base + 44, what);
  const addresses = base + (version === 0 ? 24 : version === 1 ? 28 : 12);
  // Counted from the file's start, as no other address is.
  const end = file.u64(addresses + 16, what);
  if (end > bytes.length) throw flaw(`it is truncated: it should have ${end} bytes`, bytes.length);
  const root = file.address(addresses + (isOld ? 40 : 24), what);
  return new Hdf5Group(file, root, {
    heaps: new StringHeaps(file),
    links: new Map([[root, base]]),
  });
}
