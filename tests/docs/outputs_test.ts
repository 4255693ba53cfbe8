/** What the docs say that their code prints, it prints. */

import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { codeOf, PAGES, ROOT } from "./pages.ts";

/** Code, and the text after it. */
const PAIRS = PAGES.flatMap((page) =>
  codeOf(page).flatMap((code, i, all) => {
    const after = all[i + 1];
    const printed = code.lang === "ts" && after?.lang === "text" &&
      code.text.includes("console.log");
    return printed ? [{ path: page.path, code: code.text, text: after.text }] : [];
  })
);

Deno.test("there is code whose output the docs show", () => assert(PAIRS.length >= 2));

for (const { path, code, text } of PAIRS) {
  Deno.test(`${path} shows what its code prints: ${text.split("\n")[0]}`, async () => {
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--ext=ts", "-"],
      cwd: fileURLToPath(ROOT),
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(code));
    await writer.close();
    const { stdout } = await process.output();
    assertEquals(new TextDecoder().decode(stdout).trimEnd(), text);
  });
}
