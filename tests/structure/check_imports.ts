/**
 * Checks how the modules hang together: no circles, imports go down only, nothing of Deno where browsers
 * come, no module is long without a reason.
 *
 * ```sh
 * deno task imports
 * ```
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { findCircles } from "./circles.ts";
import { findHostUses } from "./host.ts";
import { findArrowsUp } from "./levels.ts";
import { findLongModules } from "./lengths.ts";
import { readImports, readTree } from "./source_tree.ts";

/**
 * Checks the modules of a package.
 *
 * @param root Its folder.
 * @returns How many modules there are, and a line for each problem.
 */
export function checkImports(root: string): { modules: number; problems: string[] } {
  const tree = readTree(root, ["mod.ts", "cli.ts", "kernels", "src", "web"]);
  const imports = readImports(tree);
  const problems = [
    ...findCircles(imports).map((circle) => `a circle: ${circle.join(" -> ")}`),
    ...findArrowsUp(imports),
    ...findHostUses(tree, imports),
    ...findLongModules(tree),
  ];
  return { modules: tree.size, problems };
}

if (import.meta.main) {
  const { modules, problems } = checkImports(fileURLToPath(new URL("../../", import.meta.url)));
  for (const problem of problems) console.error(problem);
  console.log(`${modules} modules, ${problems.length} problems`);
  if (problems.length > 0) Deno.exit(1);
}
