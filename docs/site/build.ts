/**
 * Makes the docs a site of static pages, in the folder `_site/`: `deno task docs`.
 *
 * The reference of the library is in it, too, and the pages of `web/` where they were built. Nothing of
 * it needs a network or a server.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { copy, readManifest, ROOT } from "../../release/write_package.ts";
import { SECTIONS } from "./pages.ts";
import { PICTURE, renderFile, renderPage } from "./render.ts";

/** Where the pages of `web/` are once they are built. */
const WEB = join(ROOT, "web", "dist");

/** Makes the reference by `deno doc`. */
async function writeReference(to: string): Promise<void> {
  const { exports, name } = await readManifest();
  const entries = Object.values(exports);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--html", `--name=${name}`, `--output=${to}`, ...entries],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Makes the site. */
async function build(to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  await copy(new URL("style.css", import.meta.url).pathname, join(to, "style.css"));
  await writeReference(join(to, "api"));
  const extras: Record<string, string> = { "Reference": "api/index.html" };
  if (await Deno.stat(WEB).then(() => true, () => false)) {
    await copy(WEB, join(to, "web"));
    extras["In the browser"] = "web/index.html";
  }
  const files = new Set<string>();
  for (const page of SECTIONS.flatMap(({ pages }) => pages)) {
    const rendered = renderPage(page, await Deno.readTextFile(join(ROOT, page.source)), extras);
    const target = join(to, page.target);
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeTextFile(target, rendered.html);
    for (const file of rendered.files) files.add(file);
  }
  for (const file of files) {
    const target = join(to, "files", file);
    if (PICTURE.test(file)) await copy(join(ROOT, file), target);
    else {
      await Deno.mkdir(dirname(target), { recursive: true });
      const html = renderFile(file, await Deno.readTextFile(join(ROOT, file)), extras);
      await Deno.writeTextFile(`${target}.html`, html);
    }
  }
}

if (import.meta.main) await build(Deno.args[0] ?? join(ROOT, "_site"));
