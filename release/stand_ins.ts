import { basename, dirname, join } from "node:path";
import { copy, type Manifest, ROOT } from "./write_package.ts";

/**
 * Makes packages of the stand-ins for JSR's, as a project can link to them where JSR is out of reach.
 *
 * @param manifest The repository's `deno.json`.
 * @param to The folder that they go to.
 * @returns Their folders.
 */
export async function writeStandIns(
  { imports, scopes }: Manifest,
  to: string,
): Promise<string[]> {
  await copy(join(ROOT, "links"), join(to, "links"));
  const packages = new Map<string, Record<string, string>>();
  for (const [specifier, path] of Object.entries(scopes["./"])) {
    const [name, entry] = [/^@[^/]+\/[^/]+/.exec(specifier)![0], `./${basename(path)}`];
    const folder = join(to, dirname(path));
    const version = imports[name]!.split("^")[1]!;
    const exports = { ...packages.get(folder), [`.${specifier.slice(name.length)}`]: entry };
    packages.set(folder, exports);
    const own = { name, version, license: "MIT", exports, imports: scopes["./links/"] };
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify(own));
  }
  return [...packages.keys()];
}
