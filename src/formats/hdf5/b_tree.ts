import type { FileBytes } from "./file_bytes.ts";

/** What a B-tree of version 1 finds. */
export interface TreeKind {
  /** Its number in the file: 0 finds the members of a group, 1 chunks. */
  readonly number: number;
  /** Bytes of a key. */
  readonly keyBytes: number;
}

const WHAT = "a B-tree";

/**
 * Walks through a B-tree of version 1.
 *
 * @param file The file.
 * @param root Where its root stands.
 * @param kind What it finds.
 * @returns Where what it finds stands, and the key before it.
 * @throws {FormatError} If it is damaged, or contains itself.
 */
export function* walkTree(
  file: FileBytes,
  root: number,
  { number, keyBytes }: TreeKind,
): Generator<{ at: number; key: number }> {
  const seen = new Set<number>();
  function* walk(at: number, level?: number): Generator<{ at: number; key: number }> {
    if (seen.has(at)) throw file.flaw(`${WHAT} contains itself`, at);
    seen.add(at);
    file.signed(at, "TREE", WHAT);
    const own = file.u8(at + 5, WHAT);
    if (file.u8(at + 4, WHAT) !== number || level !== undefined && own !== level) {
      throw file.flaw(`${WHAT} has a node of another kind or level`, at + 4);
    }
    const count = file.u16(at + 6, WHAT);
    for (let i = 0; i < count; i++) {
      const key = at + 24 + i * (keyBytes + 8);
      const child = file.address(key + keyBytes, WHAT);
      if (own > 0) yield* walk(child, own - 1);
      else yield { at: child, key };
    }
  }
  yield* walk(root);
}
