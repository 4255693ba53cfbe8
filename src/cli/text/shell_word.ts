/**
 * A path as a shell takes it for one word.
 *
 * @param path The path.
 * @returns The path, in quotes where it needs them.
 */
export function shellWord(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
