/** The browser's compiler takes every kernel that the tests compile. */

import { assert, assertEquals } from "@std/assert";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { CHROMIUM } from "../support/browser.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { compileInBrowser } from "./compile_kernels.ts";
import { collectKernels, readKernels } from "./collect.ts";

const KERNELS = fileURLToPath(new URL("../../kernels", import.meta.url));

/** Where the tests that ran before this one left the texts of their kernels, if they were told to. */
const COLLECTED = Deno.env.get("GALVANI_KERNELS");

/** How kernels are cut besides as for the installed driver. */
const PRESETS = ["swiftshader", "gpu"];

/** The first lines of the files below a folder. */
function* headings(folder: string): Generator<[file: string, line: string]> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* headings(path);
    else if (name.endsWith(".wgsl")) yield [path, Deno.readTextFileSync(path).split("\n")[0]!];
  }
}

Deno.test({
  name:
    "Chromium compiles the kernels of networks, as they are cut for SwiftShader and for real GPUs",
  ignore: !CHROMIUM,
  async fn() {
    await using folder = await temporaryFolder();
    await Promise.all(PRESETS.map((preset) => collectKernels(folder.path, preset)));
    const texts = await readKernels(folder.path);
    assert(texts.size > 100, `${texts.size} kernels`);
    assertEquals(await compileInBrowser(texts), []);
  },
});

Deno.test({
  name: "Chromium compiles every kernel of the tests, and no file of kernels/ was left out",
  ignore: !CHROMIUM || !COLLECTED,
  async fn() {
    const texts = await readKernels(COLLECTED!);
    assertEquals(await compileInBrowser(texts), []);
    const all = [...texts.values()];
    const missing = [...headings(KERNELS)]
      .filter(([, line]) => !all.some((text) => text.includes(line)))
      .map(([file]) => relative(KERNELS, file));
    assertEquals(missing, []);
  },
});

Deno.test({
  name: "what Chromium's compiler refuses is found",
  ignore: !CHROMIUM,
  async fn() {
    const code = "@compute @workgroup_size(1) fn main() {\n  let shift = 3u * 2u & 7u;\n}\n";
    const [{ name, type, line } = {}] = await compileInBrowser(new Map([["mixed", code]]));
    assertEquals([name, type, line], ["mixed", "error", "let shift = 3u * 2u & 7u;"]);
  },
});
