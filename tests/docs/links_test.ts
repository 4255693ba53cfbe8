/** All that the docs name is there. */

import { assert, assertEquals } from "@std/assert";
import type { Tokens } from "marked";
import { fileURLToPath } from "node:url";
import { anchorsOf, PAGES, ROOT } from "./pages.ts";

/** A path of the repository in code, but for names that stand for others, such as `src/NAME.ts`. */
const PATH = /^(bench|docs|examples|kernels|links|release|src|tests)\/[a-z0-9_./]*$/;
/** What the worked examples of CONTRIBUTING would add. */
const WORKED = /\b(sine|gain)\b/;

async function exists(url: URL): Promise<boolean> {
  return await Deno.stat(url).then(() => true, () => false);
}

Deno.test("all links of the docs lead somewhere", async () => {
  const broken: string[] = [];
  let count = 0;
  for (const page of PAGES) {
    for (const token of page.tokens) {
      if (token.type !== "link" && token.type !== "image") continue;
      const { href } = token as Tokens.Link;
      if (/^https?:/.test(href)) continue;
      count++;
      const url = new URL(href, page.url);
      const anchor = url.hash.slice(1);
      url.hash = "";
      const target = PAGES.find(({ url: { href } }) => href === url.href);
      const found = await exists(url) &&
        (anchor === "" || target !== undefined && anchorsOf(target).has(anchor));
      if (!found) broken.push(`${page.path}: ${href}`);
    }
  }
  assertEquals(broken, []);
  assert(count > 50, `${count} links`);
});

Deno.test("all paths that the docs name are there", async () => {
  const missing: string[] = [];
  let count = 0;
  for (const page of PAGES) {
    for (const { type, raw } of page.tokens) {
      const text = raw.replaceAll("`", "");
      if (type !== "codespan" || !PATH.test(text) || WORKED.test(text)) continue;
      count++;
      // A page of a folder may name what is beside it.
      if (await exists(new URL(text, ROOT)) || await exists(new URL(text, page.url))) continue;
      missing.push(`${page.path}: ${text}`);
    }
  }
  assertEquals(missing, []);
  assert(count > 40, `${count} paths below ${fileURLToPath(ROOT)}`);
});
