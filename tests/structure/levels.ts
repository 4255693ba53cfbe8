import type { Imports } from "./source_tree.ts";

/**
 * The parts of the package from the bottom up, as `docs/design.md` draws them. A module may import
 * from its own part and from those of lower levels, never from another part of its own level.
 */
export const LEVELS: readonly (readonly string[])[] = [
  ["kernels", "src/packages.ts", "src/text", "src/validate.ts"],
  ["src/formats"],
  ["src/datasets", "src/plots"],
  ["src/gpu"],
  ["src/core"],
  ["src/surrogate", "src/feeds", "src/optimizers", "src/mpi"],
  ["src/losses", "src/neurons", "src/encoders", "src/layers", "src/program"],
  ["src/attention", "src/fusions", "src/recurrent"],
  ["src/model", "src/nir"],
  ["src/training"],
  ["src/cli"],
  ["mod.ts", "src/extend.ts", "cli.ts"],
  // The page's build names what it leaves out.
  ["web/build"],
  ["web"],
];

/** Parts that need less than what lies below them. */
export const ONLY: Readonly<Record<string, readonly string[]>> = {
  "src/gpu": ["src/text", "src/validate.ts"],
  // What is exchanged is a description and its numbers: no device.
  "src/nir": [
    "src/core",
    "src/formats",
    "src/layers",
    "src/neurons",
    "src/recurrent",
    "src/validate.ts",
  ],
  "src/plots": ["src/packages.ts", "src/text", "src/validate.ts"],
  // No layer, loss or encoder is known by its name where networks are compiled.
  // The page takes the package by its name.
  "web": [],
  "src/program": ["src/core", "src/gpu", "src/formats", "kernels"],
};

/**
 * Finds imports that the levels forbid.
 *
 * @param imports What each module imports.
 * @param levels The parts from the bottom up: folders or files.
 * @param only What some parts may import besides themselves.
 * @returns A line for each import from a level that isn't lower, or of what isn't in the list.
 */
export function findArrowsUp(
  imports: Imports,
  levels: readonly (readonly string[])[] = LEVELS,
  only: Readonly<Record<string, readonly string[]>> = ONLY,
): string[] {
  const places = levels.flatMap((parts, level) => parts.map((part) => ({ part, level })));
  const placeOf = (path: string) =>
    places.find(({ part }) => path === part || path.startsWith(`${part}/`));
  const problems: string[] = [];
  for (const [path, targets] of imports) {
    const from = placeOf(path);
    if (!from) {
      problems.push(`${path} is in no part of the table of levels`);
      continue;
    }
    for (const target of targets) {
      const to = placeOf(target);
      // The manifest and other files that aren't modules lie below all.
      if (!to || to.part === from.part) continue;
      if (to.level >= from.level) {
        problems.push(`${path} imports ${target}: ${to.part} is not below ${from.part}`);
      } else if (only[from.part]?.includes(to.part) === false) {
        problems.push(`${path} imports ${target}: ${from.part} does without ${to.part}`);
      }
    }
  }
  return problems;
}
