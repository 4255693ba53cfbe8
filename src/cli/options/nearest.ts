/**
 * The name that a wrong one was probably meant to be. Dashes, underscores and capitals don't count.
 *
 * @param wrong The wrong name.
 * @param names The names that there are.
 * @returns The nearest of them, if it is near at all.
 *
 * @example
 * ```ts
 * import { nearest } from "./nearest.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearest("weighted-phase", ["poisson", "weightedPhase"]), "weightedPhase");
 * assertEquals(nearest("morse", ["poisson", "weightedPhase"]), undefined);
 * ```
 */
export function nearest(wrong: string, names: readonly string[]): string | undefined {
  const plainWrong = plain(wrong);
  const ranked = names
    .map((name) => ({ name, distance: distance(plainWrong, plain(name)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.ceil(best.name.length / 3) ? best.name : undefined;
}

const plain = (name: string) => name.replace(/[-_]/g, "").toLowerCase();

/** The least length at which a word that begins as another is taken for it. */
const PREFIX = 3;

/** The edit distance, but 1 where one word is the beginning of the other. */
function distance(a: string, b: string): number {
  const isPrefix = Math.min(a.length, b.length) >= PREFIX && (a.startsWith(b) || b.startsWith(a));
  return isPrefix && a !== b ? 1 : editDistance(a, b);
}

/** Levenshtein's distance: insertions, deletions and replacements from one word to the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(
        Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1])),
      );
    }
    row = next;
  }
  return row[b.length]!;
}
