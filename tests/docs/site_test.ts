/** The site that `deno task docs` makes. */

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SECTIONS } from "../../docs/site/pages.ts";
import { ROOT } from "../../release/write_package.ts";
import { CHROMIUM, lookAtPage } from "../support/browser.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { PAGES } from "./pages.ts";

/** Pages that are looked at. */
const LOOKED_AT = ["index", "cli", "results", "contributing"];

async function* htmlIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory && name !== "api") yield* htmlIn(path);
    else if (name.endsWith(".html")) yield path;
  }
}

Deno.test("each page of docs/ is in the site's list of pages", () => {
  const listed = SECTIONS.flatMap(({ pages }) => pages.map(({ source }) => source));
  const pages = PAGES.map(({ path }) => path).filter((path) => path.startsWith("docs/"));
  assertEquals(pages.filter((path) => !listed.includes(path)), []);
});

Deno.test("the site's links lead somewhere, none of its parts is elsewhere, and pages fit", async () => {
  await using folder = await temporaryFolder();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", join(ROOT, "docs", "site", "build.ts"), folder.path],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  assert((await Deno.readTextFile(join(folder.path, "api", "index.html"))).includes("LifNode"));
  const convolutions = join(folder.path, "tutorials", "7_convolutions.html");
  assert((await Deno.readTextFile(convolutions)).includes('title class_">Conv2d</span>'));

  const broken: string[] = [];
  let count = 0;
  for await (const path of htmlIn(folder.path)) {
    const html = await Deno.readTextFile(path);
    for (const [, name, to] of html.matchAll(/ (href|src)="([^"]*)"/g)) {
      if (/^https?:/.test(to!)) {
        if (name === "src") broken.push(`${path}: ${to} is elsewhere`);
        continue;
      }
      // A picture that is in the page itself.
      if (to!.startsWith("data:")) continue;
      count++;
      const url = new URL(to!, pathToFileURL(path));
      const id = url.hash.slice(1);
      url.hash = "";
      const text = await Deno.readTextFile(url).catch(() => undefined);
      if (text === undefined || id && !text.includes(` id="${id}"`)) broken.push(`${path}: ${to}`);
    }
  }
  assertEquals(broken, []);
  assert(count > 500, `${count} links`);

  if (CHROMIUM === undefined) return;
  for (const page of LOOKED_AT) {
    const { flaws } = await lookAtPage(join(folder.path, `${page}.html`));
    assertEquals(flaws, [], page);
  }
});
