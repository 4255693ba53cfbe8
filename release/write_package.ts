/**
 * Writes the package as it is published to a folder:
 *
 * ```sh
 * deno run -A release/write_package.ts some/folder
 * ```
 *
 * It differs from the repository in two ways. `deno.json` has no `scopes`, whose stand-ins for
 * packages of JSR are not published. And the modules of `kernels/` hold the WGSL that they import here,
 * since neither each registry nor each browser takes imports of texts.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What is read of `deno.json`. */
export interface Manifest {
  name: string;
  version: string;
  imports: Record<string, string>;
  exports: Record<string, string>;
  scopes: { "./": Record<string, string>; "./links/": Record<string, string> };
  publish: { include: string[] };
}

/** The repository's folder. */
export const ROOT: string = fileURLToPath(new URL("../", import.meta.url));

/** An import of a text, or one that is exported at once, as formatted. */
const TEXT_IMPORT =
  /^(?:import (\w+)|export \{ default as (\w+) \}) from "(\.\/[^"]+\.wgsl)" with \{\s*type: "text",?\s*\};$/gm;

/** Reads the repository's `deno.json`. */
export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
}

/** Copies a file or a folder and all that is in it. */
export async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) {
    await Deno.mkdir(dirname(to), { recursive: true });
    return await Deno.copyFile(from, to);
  }
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    await copy(join(from, name), join(to, name));
  }
}

/**
 * Puts texts in the place of their imports.
 *
 * @param module A module that imports texts, or exports them.
 * @param read Reads a text by its specifier.
 * @returns The module, with a constant for each.
 */
export function inlineTexts(module: string, read: (specifier: string) => string): string {
  return module.replace(
    TEXT_IMPORT,
    (_, own, exported, specifier) => {
      // Some are exported by names that only exports may have, such as `if`.
      const name = own ?? `${exported}Text`;
      const constant = `const ${name}: string = ${JSON.stringify(read(specifier))};`;
      return exported ? `${constant} export { ${name} as ${exported} };` : constant;
    },
  );
}

/**
 * Finds the modules that hold kernels.
 *
 * @param root The folder of the repository, or of the package.
 * @returns Their paths.
 */
export async function kernelModules(root: string): Promise<string[]> {
  const folder = join(root, "kernels");
  const paths = [join(folder, "includes.ts")];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) paths.push(join(folder, name, "mod.ts"));
  }
  return paths;
}

/**
 * Writes the package.
 *
 * @param to Its folder, which need not exist.
 */
export async function writePackage(to: string): Promise<void> {
  const manifest = await readManifest();
  for (const path of manifest.publish.include) await copy(join(ROOT, path), join(to, path));
  const { scopes: _, ...published } = manifest;
  await Deno.writeTextFile(join(to, "deno.json"), `${JSON.stringify(published, null, 2)}\n`);
  for (const path of await kernelModules(to)) {
    const read = (specifier: string) => Deno.readTextFileSync(join(dirname(path), specifier));
    await Deno.writeTextFile(path, inlineTexts(await Deno.readTextFile(path), read));
  }
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) throw new TypeError("Cannot write the package as no folder was given");
  await writePackage(folder);
}
