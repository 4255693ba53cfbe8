/** The browser's compiler takes every kernel that the tests compile. */

import { assertEquals } from "@std/assert";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { CHROMIUM } from "../support/browser.ts";
import { compileInBrowser } from "./compile_kernels.ts";
import { collectKernels } from "./collect.ts";

const KERNELS = fileURLToPath(new URL("../../kernels", import.meta.url));

/** The suites whose kernels depend on the kind of adapter. */
const CUT = ["encoders", "layers", "program"];

/** What no network of the package needs. */
const UNUSED: Readonly<Record<string, string>> = {
  "residual/spread.wgsl": "the gradient of a loss that somebody else wrote",
};

/** How kernels are cut: for the driver that is installed, for the embedded one, for real GPUs. */
const PRESETS: Record<string, { env: Record<string, string>; suites: readonly string[] }> = {
  installed: {
    env: {},
    suites: [...CUT, "feeds", "losses", "neurons", "optimizers", "training"],
  },
  swiftshader: {
    env: { VK_ICD_FILENAMES: "/nonexistent", VK_DRIVER_FILES: "/nonexistent" },
    suites: CUT,
  },
  gpu: { env: { GALVANI_PRESET: "gpu" }, suites: CUT },
};

/** The first lines of the files below a folder. */
function* headings(folder: string): Generator<[file: string, line: string]> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* headings(path);
    else if (name.endsWith(".wgsl")) yield [path, Deno.readTextFileSync(path).split("\n")[0]!];
  }
}

Deno.test({
  name: "Chromium compiles every kernel, as it is cut for each kind of adapter",
  ignore: !CHROMIUM,
  async fn(t) {
    const all = new Map<string, string>();
    for (const [preset, { env, suites }] of Object.entries(PRESETS)) {
      await t.step(preset, async () => {
        const texts = await collectKernels(suites, env);
        const fresh = new Map([...texts].filter(([name]) => !all.has(name)));
        for (const [name, text] of texts) all.set(name, text);
        assertEquals(await compileInBrowser(fresh), []);
      });
    }
    await t.step("no file of kernels/ was left out", () => {
      const texts = [...all.values()];
      const missing = [...headings(KERNELS)]
        .filter(([, line]) => !texts.some((text) => text.includes(line)))
        .map(([file]) => relative(KERNELS, file));
      assertEquals(missing, Object.keys(UNUSED));
    });
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
