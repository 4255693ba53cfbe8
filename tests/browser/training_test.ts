/** A training in a page gives, to the bit, what it gives in Deno. */

import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { CHROMIUM, openGpuPage } from "../support/browser.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import type { Outcomes } from "./small_training.ts";

const MAIN = fileURLToPath(new URL("./small_training_main.ts", import.meta.url));

async function deno(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test({
  name: "an epoch in Chromium equals one in Deno, both on SwiftShader, bit for bit",
  ignore: !CHROMIUM || Deno.build.target !== "x86_64-unknown-linux-gnu",
  async fn() {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/main.js`;
    await deno("bundle", "--quiet", "--platform", "browser", "-o", file, MAIN);
    await using page = await openGpuPage(await Deno.readTextFile(file));
    const inPage = await page.evaluate<Outcomes>("trainSmall()");
    const inDeno: Outcomes = JSON.parse(await deno("run", "-A", "--no-check", MAIN));

    // SwiftShader's own: its vectors have four lanes.
    assertEquals([inPage.preset.name, inPage.preset.lanes], ["software", 4]);
    assertEquals(inPage, inDeno);
    const { epochs, tensors } = inPage.networks["784-24-10"]!;
    assertEquals(epochs.length, 1);
    assert(epochs[0]!["losses"]!.every((loss) => loss > 0 && loss < 1));
    assert(epochs[0]!["firing"]![0]! > 0, "the hidden neurons never fire");
    assertEquals(Object.keys(tensors).length, 12);
  },
});
