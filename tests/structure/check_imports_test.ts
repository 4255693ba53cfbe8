import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { checkImports } from "./check_imports.ts";
import { findCircles } from "./circles.ts";
import { findHostUses } from "./host.ts";
import { findArrowsUp } from "./levels.ts";
import { findLongModules, LINES } from "./lengths.ts";
import { readImports, type Tree } from "./source_tree.ts";

const tree = (texts: Record<string, string>): Tree => new Map(Object.entries(texts));
const imports = (...paths: string[]) => paths.map((path) => `import "${path}";\n`).join("");

Deno.test("the package's own modules pass", () => {
  assertEquals(checkImports(fileURLToPath(new URL("../../", import.meta.url))).problems, []);
});

Deno.test("every way to import is read, and no example", () => {
  const text = `/**
 * \`\`\`ts
 * import { a } from "./example.ts";
import { b } from "./example.ts";
 * \`\`\`
 */
// import "./comment.ts";
import { c } from "@std/assert";
import { d } from "./named.ts";
import type { e } from "../types.ts";
import {
  f,
  g,
} from "./lines.ts";
import * as h from "./all.ts";
import "./effect.ts";
import text from "./text.wgsl" with { type: "text" };
export * from "./again.ts";
export type { i } from "./again_types.ts";
const late = await import("./late.ts");
`;
  assertEquals(readImports(tree({ "src/a/b.ts": text })).get("src/a/b.ts")!.toSorted(), [
    "src/a/again.ts",
    "src/a/again_types.ts",
    "src/a/all.ts",
    "src/a/effect.ts",
    "src/a/late.ts",
    "src/a/lines.ts",
    "src/a/named.ts",
    "src/a/text.wgsl",
    "src/types.ts",
  ]);
});

Deno.test("a circle is found, of types too", () => {
  const circles = findCircles(readImports(tree({
    "src/a.ts": imports("./b.ts"),
    "src/b.ts": imports("./c.ts"),
    "src/c.ts": 'import type { B } from "./d.ts";\n' + imports("./b.ts"),
    "src/d.ts": "",
    "src/e.ts": 'const f = await import("./f.ts");\n',
    "src/f.ts": 'import type { E } from "./e.ts";\n',
    "src/g.ts": imports("./g.ts"),
  })));
  assertEquals(circles, [
    ["src/b.ts", "src/c.ts", "src/b.ts"],
    ["src/e.ts", "src/f.ts", "src/e.ts"],
    ["src/g.ts", "src/g.ts"],
  ]);
});

Deno.test("an import upwards, to the side, or of what a part does without is found", () => {
  const problems = findArrowsUp(
    readImports(tree({
      "src/low/a.ts": imports("./b.ts", "../side/a.ts", "../high/a.ts"),
      "src/low/b.ts": imports("../../deno.json"),
      "src/side/a.ts": "",
      "src/high/a.ts": imports("../low/a.ts", "../side/a.ts"),
      "src/lowest/a.ts": "",
    })),
    [["src/low", "src/side"], ["src/high"]],
    { "src/high": ["src/low"] },
  );
  assertEquals(problems, [
    "src/low/a.ts imports src/side/a.ts: src/side is not below src/low",
    "src/low/a.ts imports src/high/a.ts: src/high is not below src/low",
    "src/high/a.ts imports src/side/a.ts: src/high does without src/side",
    "src/lowest/a.ts is in no part of the table of levels",
  ]);
});

Deno.test("the package's levels refuse a device that knows layers or kernels and a program that knows losses", () => {
  const [device, text, program, plot, ...rest] = findArrowsUp(readImports(tree({
    "src/gpu/gpu.ts": imports("../layers/flatten.ts"),
    "src/gpu/kernel.ts": imports("../../kernels/includes.ts", "../validate.ts"),
    "kernels/includes.ts": "",
    "src/validate.ts": "",
    "src/layers/flatten.ts": imports("../feeds/rows.ts", "../gpu/gpu.ts"),
    "src/feeds/rows.ts": imports("../core/feed.ts"),
    "src/core/feed.ts": "",
    "src/program/pass.ts": imports("../surrogate/atan.ts"),
    "src/plots/figure.ts": imports("../formats/png.ts"),
  })));
  assertStringIncludes(device!, "src/layers is not below src/gpu");
  assertStringIncludes(text!, "src/gpu does without kernels");
  assertStringIncludes(program!, "src/program does without src/surrogate");
  assertStringIncludes(plot!, "src/plots does without src/formats");
  assertEquals(rest, []);
});

Deno.test("what needs Deno is found, but where it may, and in what only that imports", () => {
  const texts = tree({
    "src/host/a.ts": 'import { join } from "node:path";\nimport { b } from "../b.ts";\n',
    "src/b.ts": imports("./c.ts") + "await Deno.readFile(b);\n",
    "src/c.ts": "Deno.args;\n",
    "src/d.ts": '// Deno.args\nconst inDeno = "Deno" in globalThis;\nDeno?.args;\n' +
      imports("./e.ts"),
    "src/e.ts": 'import { join } from "node:path";\n',
    "src/host/f.ts": imports("../e.ts"),
  });
  assertEquals(findHostUses(texts, readImports(texts), ["src/host"]), [
    "src/d.ts:3 needs Deno, which browsers don't have",
    'src/e.ts:1 needs "node:path", which browsers don\'t have',
  ]);
});

Deno.test("a module that is too long needs a reason, and a reason a long module", () => {
  const text = "\n".repeat(LINES + 1);
  assertEquals(
    findLongModules(
      tree({ "a.ts": text, "b.ts": text, "c.ts": text.slice(1), "d.ts": text.slice(1) }),
      { "b.ts": "a table", "c.ts": "a table" },
    ),
    [
      `a.ts has ${LINES + 1} lines: at most ${LINES}, or a reason`,
      `c.ts is listed as longer than ${LINES} lines, which it isn't`,
    ],
  );
});
