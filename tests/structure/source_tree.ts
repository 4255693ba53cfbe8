/**
 * Reads which modules import which.
 *
 * @module
 */
import { join, posix, relative } from "node:path";

/** Texts of files by their paths from the root, with slashes. */
export type Tree = ReadonlyMap<string, string>;

/** What a module imports of its own tree: paths from the root. */
export type Imports = ReadonlyMap<string, readonly string[]>;

// Statements begin a line, as formatted; examples in comments don't.
const STATEMENT = /^(?:import|export)\b[^"'`;]*?\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"/gm;
const CALL = /\bimport\(\s*"([^"]+)"/g;

/**
 * Takes comments out of a module's text; lines keep their numbers.
 *
 * @param text The text, formatted.
 * @returns What is left. What only looks like a comment, within a string, may be lost too.
 */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/(^|\s)\/\/.*$/gm, "$1");
}

/**
 * Reads what each module imports: statements, of types too, and calls of `import()`.
 *
 * @param tree The modules.
 * @returns What they import by a path; packages are left out.
 */
export function readImports(tree: Tree): Imports {
  const imports = new Map<string, string[]>();
  for (const [path, text] of tree) {
    const code = withoutComments(text);
    const found = [...code.matchAll(STATEMENT), ...code.matchAll(CALL)]
      .map(([, from, alone]) => from ?? alone ?? "")
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => posix.join(posix.dirname(path), specifier));
    imports.set(path, [...new Set(found)]);
  }
  return imports;
}

/**
 * Reads the modules below some folders.
 *
 * @param root The folder that paths are told from.
 * @param names Folders and files there.
 * @returns The texts of the `.ts` files.
 */
export function readTree(root: string, names: readonly string[]): Tree {
  const tree = new Map<string, string>();
  const visit = (path: string) => {
    if (!Deno.statSync(path).isDirectory) {
      if (path.endsWith(".ts")) {
        tree.set(relative(root, path).replaceAll("\\", "/"), Deno.readTextFileSync(path));
      }
      return;
    }
    const entries = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
    for (const name of entries) visit(join(path, name));
  };
  for (const name of names) visit(join(root, name));
  return tree;
}
