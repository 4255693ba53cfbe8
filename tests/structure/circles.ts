import type { Imports } from "./source_tree.ts";

/**
 * Finds modules that import themselves by way of others.
 *
 * @param imports What each module imports.
 * @returns A circle of each group of modules that reach one another, its first module again at the end.
 */
export function findCircles(imports: Imports): string[][] {
  const circles: string[][] = [];
  const within = new Set<string>();
  for (const start of imports.keys()) {
    if (within.has(start)) continue;
    const circle = shortestWay(imports, start, start);
    if (!circle) continue;
    circles.push(circle);
    // The others of the group would tell of the same circle.
    for (const path of imports.keys()) {
      if (shortestWay(imports, start, path) && shortestWay(imports, path, start)) within.add(path);
    }
  }
  return circles;
}

/** The shortest way of at least one import, breadth first. */
function shortestWay(imports: Imports, from: string, to: string): string[] | undefined {
  const ways: string[][] = [[from]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of imports.get(way.at(-1)!) ?? []) {
      if (next === to) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
