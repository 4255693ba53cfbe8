/** A network that never fires. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";

Deno.test("train says at its end which layers never fired", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await writeTinyIdx(path, { train: 32, test: 12, side: 4 });
  const options = "-T 4 -b 8 -N 1 --v-threshold 1e30 --hidden 5";
  const args = ["train", "--dataset-dir", path, "--log-dir", path, ...options.split(" ")];
  const { code, stderr } = await runCli(args);
  assertEquals(code, 0, stderr);
  assertStringIncludes(
    stderr,
    "\nNo neuron of layer.2 (LifNode), layer.4 (LifNode) fired for any picture: the answers say " +
      "nothing\n",
  );
});
