/** A driver that never answers ends a command with one message and exit code 1. */

import { assert, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { runCliProcess } from "../support/cli_process.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { assertError } from "./assert_error.ts";

/** How long the driver may take. */
const SECONDS = 3;

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
      const env = {
        VK_DRIVER_FILES: path,
        VK_ICD_FILENAMES: path,
        GALVANI_DRIVER_SECONDS: String(SECONDS),
      };
      const outcome = await runCliProcess(["info"], { env });
      assertError(outcome, "Cannot find a GPU adapter as the driver gave no answer within");
      // The watch waits a second longer than the library, which needs the thread.
      assert(
        [SECONDS, SECONDS + 1].some((given) => outcome.stderr.includes(`within ${given} s`)),
        outcome.stderr,
      );
      assertStringIncludes(outcome.stderr, "restart");
    },
  });
}

Deno.test("a time for the driver that is none is refused", async () => {
  for (const seconds of ["soon", "0", "-1", "1e9"]) {
    const outcome = await runCliProcess(["info"], { env: { GALVANI_DRIVER_SECONDS: seconds } });
    assertError(
      outcome,
      "Cannot wait for a driver as GALVANI_DRIVER_SECONDS must be a number of seconds, more than 0 " +
        `and at most 86400: current value is "${seconds}"`,
    );
  }
});
