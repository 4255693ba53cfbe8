import type { Tree } from "./source_tree.ts";

/** Lines of a module at most. */
export const LINES = 350;

/** Longer modules, and why they aren't cut. */
export const LONGER: Readonly<Record<string, string>> = {};

/**
 * Finds modules that are too long.
 *
 * @param tree The modules.
 * @param longer Those that may be longer, and why.
 * @returns A line for each that is too long, or that is listed without need.
 */
export function findLongModules(
  tree: Tree,
  longer: Readonly<Record<string, string>> = LONGER,
): string[] {
  const long = [...tree]
    .map(([path, text]) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > LINES);
  return [
    ...long
      .filter(({ path }) => !longer[path])
      .map(({ path, lines }) => `${path} has ${lines} lines: at most ${LINES}, or a reason`),
    ...Object.keys(longer)
      .filter((path) => !long.some((module) => module.path === path))
      .map((path) => `${path} is listed as longer than ${LINES} lines, which it isn't`),
  ];
}
