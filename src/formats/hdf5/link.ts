import type { FileBytes } from "./file_bytes.ts";

/** A member of a group. */
export interface Link {
  readonly name: string;
  /** Where the link stands. */
  readonly at: number;
  /** Where the object stands; undefined of a link to a path or to another file. */
  readonly target: number | undefined;
}

/**
 * Reads a link.
 *
 * @param file The file.
 * @param place Where it stands, and its bytes.
 * @returns The link.
 * @throws {FormatError} If it is damaged.
 */
export function readLink(file: FileBytes, place: { at: number; size: number }): Link {
  const what = "a link";
  const { at, size } = place;
  file.need(at, size, what);
  if (file.u8(at, what) !== 1) throw file.flaw(`${what} must be of version 1`, at);
  const flags = file.u8(at + 1, what);
  const kindBytes = flags & 8 ? 1 : 0;
  const kind = kindBytes ? file.u8(at + 2, what) : 0;
  const width = 1 << (flags & 3);
  // The order of creation and the name's encoding may stand between.
  const lengthAt = at + 2 + kindBytes + (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
  const length = file.uint(lengthAt, width, what);
  const end = lengthAt + width + length;
  if (end > at + size) throw file.flaw(`the name of ${what} is longer than it`, lengthAt);
  const name = file.text(lengthAt + width, length, "a name");
  return { name, at, target: kind === 0 ? file.address(end, what) : undefined };
}
