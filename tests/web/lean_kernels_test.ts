/** What is taken from kernels for the page isn't part of their program. */

import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { leanText } from "../../web/build/lean_kernels.ts";

const KERNELS = fileURLToPath(new URL("../../kernels", import.meta.url));

function* kernels(folder: string): Generator<[file: string, text: string]> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* kernels(path);
    else if (name.endsWith(".wgsl")) yield [path, Deno.readTextFileSync(path)];
  }
}

/** The tokens of a text without comments: names, numbers, signs; directives are one each. */
const tokensOf = (text: string) =>
  text.replace(/\/\/.*/g, "").split("\n").map((line) => line.trim())
    .flatMap((line) =>
      line.startsWith("#")
        ? [line]
        : line.match(/[\w.$]+|->|&&|\|\||<<|>>|\+\+|[-+*/%=!<>&|^]=|\S/g) ?? []
    );

Deno.test("every kernel keeps its tokens", () => {
  let [before, after] = [0, 0];
  for (const [file, text] of kernels(KERNELS)) {
    const lean = leanText(text);
    assertEquals(tokensOf(lean), tokensOf(text), file);
    before += text.length;
    after += lean.length;
  }
  assert(after < 0.7 * before, `${after} of ${before} characters are left`);
});

Deno.test("comments, indentation and empty lines go, directives stay", () => {
  const text = "// A head.\n\n#for t in 0..2\n  let x_${t} = f(a, b) - -c;  // why\n#end\n" +
    "  var y: array<f32> = z;\n";
  assertEquals(
    leanText(text),
    "#for t in 0..2\nlet x_${t}=f(a,b)- -c;\n#end\nvar y: array<f32> = z;\n",
  );
});
