import { type Imports, type Tree, withoutComments } from "./source_tree.ts";

/** Folders and modules that may need Deno, or Node's modules in it. */
export const HOSTS: readonly string[] = [
  "cli.ts",
  "src/cli",
  "src/mpi",
  "web/build",
  "src/plots/to_png.ts",
  // These come by `import()`, in Deno only.
  "src/gpu/software_adapter.ts",
  "src/datasets/events/folder_files.ts",
  "src/datasets/events/gesture_folder.ts",
  "src/datasets/events/nmnist_folder.ts",
  "src/datasets/events/spoken_folder.ts",
  "src/datasets/idx_directory.ts",
  "src/datasets/mnist_package.ts",
];

/**
 * Finds modules that a browser couldn't run.
 *
 * @param tree The modules.
 * @param imports What each imports.
 * @param hosts Which of them may need Deno; those that only they import may, too.
 * @returns A line for each place with `Deno.` or a module of Node's.
 */
export function findHostUses(
  tree: Tree,
  imports: Imports,
  hosts: readonly string[] = HOSTS,
): string[] {
  const allowed = new Set(
    [...tree.keys()].filter((path) =>
      hosts.some((host) => path === host || path.startsWith(`${host}/`))
    ),
  );
  for (let size = -1; size !== allowed.size;) {
    size = allowed.size;
    for (const path of tree.keys()) {
      const importers = [...imports].filter(([, targets]) => targets.includes(path));
      if (importers.length > 0 && importers.every(([from]) => allowed.has(from))) allowed.add(path);
    }
  }
  return [...tree]
    .filter(([path]) => !allowed.has(path))
    .flatMap(([path, text]) =>
      withoutComments(text).split("\n").flatMap((line, i) => {
        const use = /\bDeno(?=\s*[.?[])|"node:[^"]+"/.exec(line);
        return use ? [`${path}:${i + 1} needs ${use[0]}, which browsers don't have`] : [];
      })
    );
}
