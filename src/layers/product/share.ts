/**
 * How many of `count` items each of as few parts as possible gets.
 *
 * @param count The items.
 * @param most Items of a part at most.
 * @param unit What each part but the last has a multiple of.
 * @returns Items of a part.
 */
export function share(count: number, most: number, unit: number): number {
  const parts = Math.ceil(count / most);
  return Math.ceil(count / (parts * unit)) * unit;
}
