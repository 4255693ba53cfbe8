/** The package as it is published, and what the registry's score asks of its docs. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import {
  inlineTexts,
  kernelModules,
  readManifest,
  ROOT,
  writePackage,
} from "../../release/write_package.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";

Deno.test("the published kernels are texts in a module, the same as those of the files", async () => {
  await using folder = await temporaryFolder();
  await writePackage(folder.path);
  const load = async (root: string) => {
    const paths = (await kernelModules(root)).sort();
    const modules = await Promise.all(paths.map((path) => import(pathToFileURL(path).href)));
    return new Map(paths.map((path, i) => [relative(root, path), { ...modules[i] }]));
  };
  for (const path of await kernelModules(folder.path)) {
    assert(!/ from "/.test(await Deno.readTextFile(path)), path);
  }
  const published = await load(folder.path);
  assert(published.size > 9);
  assertEquals(published, await load(ROOT));
  assert(!("scopes" in JSON.parse(await Deno.readTextFile(join(folder.path, "deno.json")))));
});

Deno.test("a text stays as it is, whatever is in it", () => {
  const text = 'a `${b}` \\ "c"\n$& $1 \u2028 é\n';
  const module = 'import a from "./a.wgsl" with { type: "text" };\nimport b from "./b.ts";\n' +
    'export { default as c } from "./c.wgsl" with { type: "text" };\n';
  const [first, second, third] = inlineTexts(module, () => text).split("\n");
  assertEquals(JSON.parse(first!.slice("const a: string = ".length, -1)), text);
  assertEquals(second, 'import b from "./b.ts";');
  const end = "; export { cText as c };";
  assert(third!.endsWith(end));
  assertEquals(JSON.parse(third!.slice("const cText: string = ".length, -end.length)), text);
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
