/**
 * The built pages in a browser.
 *
 * @module
 */
import { assert } from "@std/assert";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { buildPages } from "../../web/build/build.ts";
import { serveFolder } from "../../web/build/serve.ts";
import { CHROMIUM } from "./browser.ts";
import { temporaryFolder } from "./temporary_folder.ts";

/** Has WebGPU compute on the browser's SwiftShader, whatever the machine has. */
export const SOFTWARE: readonly string[] = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
];

/** A page of a site that is served from this machine. */
export interface Site extends AsyncDisposable {
  /** Where it is. */
  readonly url: string;
  /** Its port. */
  readonly port: number;
}

/**
 * The pages, built and served.
 *
 * @param digits How many of its digits they have; by default all.
 * @returns The site.
 */
export async function serveSite(
  digits?: { readonly train: number; readonly t10k: number },
): Promise<Site> {
  const folder = await temporaryFolder();
  await buildPages(folder.path);
  for (const [part, count] of Object.entries(digits ?? {})) {
    await cutDigits(join(folder.path, "mnist", `${part}-images-idx3-ubyte`), 16, count, 28 * 28);
    await cutDigits(join(folder.path, "mnist", `${part}-labels-idx1-ubyte`), 8, count, 1);
  }
  const server = serveFolder(folder.path);
  return {
    url: server.url,
    port: server.addr.port,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Keeps the first of an IDX file's digits. */
async function cutDigits(path: string, header: number, count: number, each: number): Promise<void> {
  const file = await Deno.open(path);
  const whole = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .bytes();
  const cut = whole.slice(0, header + count * each);
  new DataView(cut.buffer).setUint32(4, count);
  await Deno.writeFile(path, cut);
}

/** A page in a browser of its own. */
export interface OpenPage extends AsyncDisposable {
  /** The page. */
  readonly page: Page;
  /** What it complained of. */
  readonly complaints: readonly string[];
}

/**
 * Opens a page in a browser of its own.
 *
 * @param url The address.
 * @param flags The browser's.
 * @param prepare What is done before the page loads.
 * @param options Of the window.
 * @returns The page; disposing of it ends the browser.
 */
export async function openSite(
  url: string,
  flags: readonly string[],
  prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: CHROMIUM!,
    args: ["--no-sandbox", ...flags],
  });
  try {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(0);
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await prepare(page);
    await page.goto(url);
    return { page, complaints, [Symbol.asyncDispose]: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** What scripts have, as they are and compressed, in bytes. */
export async function sizesOf(
  urls: readonly URL[],
): Promise<{ readonly bytes: number; readonly packed: number }> {
  let [bytes, packed] = [0, 0];
  for (const url of urls) {
    const script = await (await fetch(url)).bytes();
    bytes += script.length;
    const stream = new Blob([script]).stream().pipeThrough(new CompressionStream("gzip"));
    packed += (await new Response(stream).bytes()).length;
  }
  return { bytes, packed };
}

/** What an element says. */
export async function textOf(page: Page, id: string): Promise<string> {
  return await page.locator(`#${id}`).textContent() ?? "";
}

/** Waits until an element says something that fits. */
export async function waitForText(page: Page, id: string, pattern: RegExp): Promise<void> {
  await page.waitForFunction(
    `${pattern}.test(document.getElementById(${JSON.stringify(id)}).textContent)`,
  );
}

/** The elements that a window of some width cuts, by the beginnings of their HTML. */
export async function cutAt(page: Page, width: number): Promise<string[]> {
  await page.setViewportSize({ width, height: 900 });
  return await page.evaluate<string[]>(`
    [...document.querySelectorAll("body *")]
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < 0 || right > document.documentElement.clientWidth;
      })
      .map((element) => element.outerHTML.slice(0, 60))
  `);
}

/** Has each task of a page that is long noted, for {@linkcode assertFree}. */
export async function observeTasks(page: Page): Promise<void> {
  await page.addInitScript(`
    globalThis.busy = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) busy.push(duration);
    }).observe({ type: "longtask" });
  `);
}

/** How long a page may be busy, in milliseconds. */
const BUSY = 100;

/** Asserts that a page that trains answers its visitor meanwhile. */
export async function assertFree(page: Page): Promise<void> {
  // A machine that is busy with other things may hold the page up: not each time.
  let busiest = Infinity;
  for (let i = 0; i < 5 && busiest > BUSY; i++) {
    await page.evaluate("busy.length = 0");
    const from = await textOf(page, "digits");
    await page.waitForTimeout(1500);
    await waitForText(page, "digits", new RegExp(`^(?!${from}$)`));
    busiest = Math.max(...await page.evaluate<number[]>("[0, ...busy]"));
  }
  assert(busiest <= BUSY, `busy for ${busiest} ms at a time`);
}
