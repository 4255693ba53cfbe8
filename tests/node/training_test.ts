/**
 * A training in Node.js, on Dawn, gives to the bit what it gives in Deno. `GALVANI_DAWN` names a folder
 * where npm has installed the package `webgpu`; without it, or without Node.js, the test is ignored.
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../support/temporary_folder.ts";

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const TRAINING = pathOf("../browser/small_training_main.ts");

/** What runs a bundle in Node.js. */
const MAIN = pathOf("./main.mjs");

/** Why there is nothing to test; undefined if there is. */
async function lackOf(dawn: string | undefined): Promise<string | undefined> {
  if (Deno.build.target !== "x86_64-unknown-linux-gnu") return "the embedded driver is for Linux";
  if (!dawn) return "GALVANI_DAWN names no folder with npm's webgpu";
  try {
    await Deno.stat(join(dawn, "node_modules/webgpu/index.js"));
  } catch {
    return `npm's webgpu isn't installed in ${dawn}`;
  }
  try {
    await new Deno.Command("node", { args: ["--version"] }).output();
  } catch {
    return "there is no Node.js";
  }
  return undefined;
}

async function run(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, env }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

const dawn = Deno.env.get("GALVANI_DAWN");
const lack = await lackOf(dawn);

Deno.test({
  name: "an epoch in Node.js on Dawn equals one in Deno, both on the embedded driver, bit for bit" +
    (lack ? ` (${lack})` : ""),
  ignore: lack !== undefined,
  async fn() {
    await using folder = await temporaryFolder();
    const bundle = join(folder.path, "training.mjs");
    await run(Deno.execPath(), [
      ...["bundle", "--quiet", "--platform", "browser", "-o", bundle],
      TRAINING,
    ]);
    const cache = join(folder.path, "cache");
    const inDeno = JSON.parse(
      await run(Deno.execPath(), ["run", "-A", "--no-check", TRAINING], { XDG_CACHE_HOME: cache }),
    );

    // Where Deno has put its driver: Dawn loads the same.
    const [{ name }] = [...Deno.readDirSync(join(cache, "galvani"))] as [Deno.DirEntry];
    const driver = join(cache, "galvani", name);
    const inNode = JSON.parse(
      await run("node", [MAIN, bundle, join(dawn!, "node_modules/webgpu/index.js")], {
        LD_LIBRARY_PATH: driver,
        VK_ICD_FILENAMES: join(driver, "vk_swiftshader_icd.json"),
        VK_DRIVER_FILES: join(driver, "vk_swiftshader_icd.json"),
      }),
    );
    assertEquals(inNode.preset.lanes, 4);
    assertEquals(Object.keys(inNode.networks), ["784-10", "784-24-10"]);
    assertEquals(inNode, inDeno);
  },
});
