/** A driver that never answers ends a command with one message and exit code 1. */

import { assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { runCli } from "../support/cli_process.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { assertError } from "./assert_error.ts";

/** Drivers that hang: who reads a pipe waits until somebody writes into it. */
const DRIVERS: Record<string, { pipe: string; manifest: string }> = {
  "while it is looked for": { pipe: "driver.json", manifest: "driver.json" },
  "while it is loaded, in the main thread": {
    pipe: "driver.so",
    manifest: "lvp_icd.x86_64.json",
  },
};

for (const [when, { pipe, manifest }] of Object.entries(DRIVERS)) {
  Deno.test({
    name: `a driver that hangs ${when} ends info, with a message`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using folder = await temporaryFolder();
      const path = join(folder.path, manifest);
      await new Deno.Command("mkfifo", { args: [join(folder.path, pipe)] }).output();
      if (pipe !== manifest) {
        const ICD = { library_path: join(folder.path, pipe), api_version: "1.3.0" };
        await Deno.writeTextFile(path, JSON.stringify({ file_format_version: "1.0.0", ICD }));
      }
      const env = { VK_DRIVER_FILES: path, VK_ICD_FILENAMES: path };
      const outcome = await runCli(["info"], { env });
      assertError(outcome, "Cannot find a GPU adapter as the driver gave no answer within");
      assertStringIncludes(outcome.stderr, "restart");
    },
  });
}
