/**
 * Opens pages in a browser, whose executable the environment variable `GALVANI_CHROMIUM` names.
 *
 * @module
 */
import { pathToFileURL } from "node:url";

/** The browser's executable; without it, tests that need one are ignored. */
export const CHROMIUM: string | undefined = Deno.env.get("GALVANI_CHROMIUM");

/** What is wrong with the page that this runs in. */
const FLAWS = `(() => {
  const flaws = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) flaws.push("the page is wider than the window");

  // What may scroll may be wider than the window, everything else may not.
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest(".scroll *")) continue;
    const { left, right } = element.getBoundingClientRect();
    if (left < 0 || right > root.clientWidth) flaws.push(element.outerHTML.slice(0, 60) + " is cut");
  }

  for (const figure of document.querySelectorAll("figure")) {
    const name = figure.querySelector("figcaption").textContent;
    const svg = figure.querySelector("svg");
    const frame = svg.getBoundingClientRect();
    if (frame.width < 100 || frame.height < 50) flaws.push(name + " is empty");
    const texts = [...svg.querySelectorAll("text")]
      .map((text) => ({ content: text.textContent, box: text.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0);
    texts.forEach(({ content, box }, i) => {
      const isCut = box.left < frame.left || box.right > frame.right || box.top < frame.top ||
        box.bottom > frame.bottom;
      if (isCut) flaws.push(name + ": " + content + " is cut");
      for (const other of texts.slice(i + 1)) {
        const x = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const y = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        // Boxes hold the room for accents and descenders, which may meet.
        if (x > 1 && y > 5) flaws.push(name + ": " + content + " overlaps " + other.content);
      }
    });
  }
  return flaws;
})()`;

/** What a page looks like. */
export interface PageLook {
  /** What is cut, empty or overlaps, and what the page tried to load or complained about. */
  readonly flaws: readonly string[];
  /** How many figures it shows. */
  readonly figures: number;
}

/**
 * Opens a page from disk, offline, in a narrow and a wide window.
 *
 * @param file The page.
 * @returns What it looks like.
 */
export async function lookAtPage(file: string): Promise<PageLook> {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.context().setOffline(true);
    const flaws: string[] = [];
    page.on("console", (message) => flaws.push(message.text()));
    page.on("pageerror", (error) => flaws.push(String(error)));
    page.on("request", (request) => {
      if (/^(?!file:|data:)/.test(request.url())) flaws.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    for (const width of [400, 1400]) {
      await page.setViewportSize({ width, height: 900 });
      const found = await page.evaluate(FLAWS) as string[];
      flaws.push(...found.map((flaw) => `${width} pixels wide: ${flaw}`));
    }
    return { flaws, figures: await page.locator("figure svg").count() };
  } finally {
    await browser.close();
  }
}

/**
 * Opens pictures in the browser.
 *
 * @param files Their files.
 * @returns The width and the height of each, 0 of those that it doesn't show.
 */
export async function pictureSizes(files: readonly string[]): Promise<[number, number][]> {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    const sizes: [number, number][] = [];
    for (const file of files) {
      await page.goto(pathToFileURL(file).href);
      sizes.push(
        await page.evaluate(`(() => {
          const picture = document.querySelector("img");
          if (picture) return [picture.naturalWidth, picture.naturalHeight];
          const { width, height } = document.documentElement.getBoundingClientRect();
          return document.documentElement.nodeName === "svg" ? [width, height] : [0, 0];
        })()`) as [number, number],
      );
    }
    return sizes;
  } finally {
    await browser.close();
  }
}

/** A page that may compute on a GPU. */
export interface GpuPage extends AsyncDisposable {
  /**
   * Runs a script there.
   *
   * @param script An expression, or a promise of one.
   * @returns Its value, as JSON has it.
   */
  evaluate<T>(script: string): Promise<T>;
}

/**
 * Opens an empty page whose WebGPU computes on the browser's SwiftShader, whatever the machine has.
 *
 * @param module A module that the page loads, if any.
 * @returns The page; disposing of it ends the browser.
 * @throws {Error} If the module doesn't load.
 */
export async function openGpuPage(module?: string): Promise<GpuPage> {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: CHROMIUM!,
    args: ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    // WebGPU needs a secure origin, which pages from disk don't have; nothing leaves the machine.
    await page.route("**/*", (route) => {
      const isModule = route.request().url().endsWith(".js");
      return route.fulfill(
        isModule
          ? { contentType: "text/javascript", body: module ?? "" }
          : { contentType: "text/html", body: "<!doctype html><title>Galvani</title>" },
      );
    });
    await page.goto("https://galvani.test/");
    if (module !== undefined) await page.evaluate('import("/module.js").then(() => {})');
    return {
      evaluate: <T>(script: string) => page.evaluate(script) as Promise<T>,
      [Symbol.asyncDispose]: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
