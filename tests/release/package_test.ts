/** The package as it is published, and what the registry's score asks of its docs. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as kernels from "../../kernels/mod.ts";
import { inlineTexts, readManifest, ROOT, writePackage } from "../../release/write_package.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";

Deno.test("the published kernels are texts in a module, the same as those of the files", async () => {
  await using folder = await temporaryFolder();
  await writePackage(folder.path);
  const path = join(folder.path, "kernels", "mod.ts");
  assert(!(await Deno.readTextFile(path)).includes("import "));
  const published = await import(pathToFileURL(path).href);
  assert(Object.keys(published).length > 5);
  assertEquals({ ...published }, { ...kernels });
  assert(!("scopes" in JSON.parse(await Deno.readTextFile(join(folder.path, "deno.json")))));
});

Deno.test("a text stays as it is, whatever is in it", () => {
  const text = 'a `${b}` \\ "c"\n$& $1 \u2028 é\n';
  const module = 'import a from "./a.wgsl" with { type: "text" };\nimport b from "./b.ts";\n';
  const [first, second] = inlineTexts(module, () => text).split("\n");
  assertEquals(JSON.parse(first!.slice("const a: string = ".length, -1)), text);
  assertEquals(second, 'import b from "./b.ts";');
});

Deno.test("each entry point says what it is for, with an example", async () => {
  const { exports } = await readManifest();
  for (const [name, path] of Object.entries(exports)) {
    const [, comment = ""] = /\/\*\*([\s\S]*?)\*\//.exec(
      await Deno.readTextFile(join(ROOT, path)),
    )!;
    assertStringIncludes(comment, "@module", name);
    assertStringIncludes(comment, "```", name);
  }
});
