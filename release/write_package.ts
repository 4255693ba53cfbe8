/**
 * Writes the package as it is published to a folder:
 *
 * ```sh
 * deno run -A release/write_package.ts some/folder
 * ```
 *
 * It differs from the repository in two ways. `deno.json` has no `scopes`, whose stand-ins for
 * packages of JSR are not published. And `kernels/mod.ts` holds the WGSL that it imports here, since
 * neither each registry nor each browser takes imports of texts.
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

/** An import of a text, as formatted. */
const TEXT_IMPORT = /^import (\w+) from "(\.\/[^"]+\.wgsl)" with \{\s*type: "text",?\s*\};$/gm;

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
 * @param module A module that imports texts.
 * @param read Reads a text by its specifier.
 * @returns The module, with a constant for each.
 */
export function inlineTexts(module: string, read: (specifier: string) => string): string {
  return module.replace(
    TEXT_IMPORT,
    (_, name, specifier) => `const ${name}: string = ${JSON.stringify(read(specifier))};`,
  );
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
  const kernels = join(to, "kernels", "mod.ts");
  const read = (specifier: string) => Deno.readTextFileSync(join(dirname(kernels), specifier));
  await Deno.writeTextFile(kernels, inlineTexts(await Deno.readTextFile(kernels), read));
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) throw new TypeError("Cannot write the package as no folder was given");
  await writePackage(folder);
}
