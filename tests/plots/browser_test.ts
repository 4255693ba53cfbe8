/**
 * Opens a report in a browser, whose executable the environment variable `GALVANI_CHROMIUM` names;
 * without it there is no test.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { reportHtml } from "../../src/plots/mod.ts";
import { reportData, someFigures } from "./report_data.ts";

const executablePath = Deno.env.get("GALVANI_CHROMIUM");

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

Deno.test({
  name: "reportHtml() makes a page that a browser shows offline, narrow and wide",
  ignore: executablePath === undefined,
  async fn() {
    const figures = await someFigures();
    const html = reportHtml(reportData({
      title: "A_name_without_spaces_that_is_too_long_for_a_line_of_a_narrow_window",
      options: [["out", "logs/a_folder_with_a_long_name/another_one/T100_b128_adam"], ["tau", "2"]],
      curve: figures[0]!,
      figures: figures.slice(1),
      firingRates: [{ layer: "LIF 10", rate: 0.0891 }],
      commands: [{ purpose: "Go on:", command: "deno run -A cli.ts train --epochs 40 --resume" }],
    }));
    const folder = await Deno.makeTempDir();
    const file = join(folder, "report.html");
    await Deno.writeTextFile(file, html);

    const { chromium } = await import("playwright-core");
    const browser = await chromium.launch({
      executablePath: executablePath!,
      args: ["--no-sandbox"],
    });
    try {
      const page = await browser.newPage();
      await page.context().setOffline(true);
      const problems: string[] = [];
      page.on("console", (message) => problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("request", (request) => {
        if (/^(?!file:|data:)/.test(request.url())) problems.push(request.url());
      });
      await page.goto(pathToFileURL(file).href);
      for (const width of [400, 1400]) {
        await page.setViewportSize({ width, height: 900 });
        assertEquals(await page.evaluate(FLAWS), [], `${width} pixels wide`);
      }
      assertEquals(await page.locator("figure svg").count(), figures.length);
      assertEquals(problems, []);
    } finally {
      await browser.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
