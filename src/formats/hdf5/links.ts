import { walkTree } from "./b_tree.ts";
import { readDenseLinks } from "./dense_links.ts";
import { type FileBytes, NOWHERE } from "./file_bytes.ts";
import { type Link, readLink } from "./link.ts";
import { findMessage, MESSAGE, type Message } from "./object_header.ts";

/**
 * Reads the links of a group, in whichever of the three ways it keeps them.
 *
 * @param file The file.
 * @param messages The group's header.
 * @returns The links; undefined if the object is no group.
 * @throws {FormatError} If they are damaged.
 */
export function readLinks(file: FileBytes, messages: readonly Message[]): Link[] | undefined {
  const table = findMessage(messages, MESSAGE.symbolTable);
  const info = findMessage(messages, MESSAGE.linkInfo);
  if (!table && !info) return undefined;
  return [
    ...table ? readSymbols(file, table.at) : [],
    ...messages.filter(({ kind }) => kind === MESSAGE.link).map((link) => readLink(file, link)),
    ...info ? readIndexed(file, info.at) : [],
  ];
}

/** Links of the oldest kind: names in a heap, found by a B-tree. */
function readSymbols(file: FileBytes, at: number): Link[] {
  const what = "a group's table";
  const heap = file.address(at + 8, what);
  file.signed(heap, "HEAP", what);
  const size = file.u64(heap + 8, what);
  const names = file.need(file.address(heap + 24, what), size, what);
  const links: Link[] = [];
  for (const node of walkTree(file, file.address(at, what), { number: 0, keyBytes: 8 })) {
    file.signed(node.at, "SNOD", what);
    const count = file.u16(node.at + 6, what);
    for (let i = 0; i < count; i++) {
      const entry = node.at + 8 + 40 * i;
      const offset = file.u64(entry, what);
      if (offset >= size) throw file.flaw(`a name of ${what} lies outside its heap`, entry);
      const name = file.text(names + offset, size - offset, "a name");
      const soft = file.u32(entry + 16, what) === 2;
      links.push({ name, at: entry, target: soft ? undefined : file.address(entry + 8, what) });
    }
  }
  return links;
}

/** Links of large groups. */
function readIndexed(file: FileBytes, at: number): Link[] {
  const what = "a group";
  const start = at + 2 + (file.u8(at + 1, what) & 1 ? 8 : 0);
  const heap = file.address(start, what);
  const index = file.address(start + 8, what);
  return heap === NOWHERE || index === NOWHERE ? [] : readDenseLinks(file, heap, index);
}
