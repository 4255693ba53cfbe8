/**
 * The built page in a browser.
 *
 * @module
 */
import type { BrowserContextOptions, Page } from "playwright-core";
import { buildPage } from "../../web/build/build.ts";
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

/** The page, built and served. */
export async function serveSite(): Promise<Site> {
  const folder = await temporaryFolder();
  await buildPage(folder.path);
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
