import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { accuracyCurve, reportHtml } from "../../src/plots/mod.ts";
import { inlineSvg } from "../../src/plots/inline_svg.ts";
import { reportData, someFigures } from "./report_data.ts";

/** The texts of a page's elements of one kind, tags removed. */
function textsOf(html: string, tag: string): string[] {
  const elements = html.matchAll(new RegExp(`<${tag}\\b[^>]*>(.*?)</${tag}>`, "gs"));
  return Array.from(elements, ([, content = ""]) => content.replace(/<[^>]*>/g, "").trim());
}

Deno.test("reportHtml() says how the run went", () => {
  const html = reportHtml(reportData());
  assertEquals(textsOf(html, "title"), ["A run"]);
  assertEquals(textsOf(html, "dt"), [
    "Best test accuracy",
    "Last test accuracy",
    "Time",
    "Speed",
    "Adapter",
    "epochs",
    "tau",
  ]);
  assertEquals(textsOf(html, "dd"), [
    "93.00 % epoch 2",
    "92.00 % epoch 3",
    "1 min 23 s",
    "14,424 images/s",
    "An adapter",
    "3",
    "2",
  ]);
  assertEquals(textsOf(html, "h2"), ["Accuracy", "Epochs", "Options"]);
});

Deno.test("reportHtml() lists the epochs and marks the best", () => {
  const html = reportHtml(reportData());
  const [, ...rows] = html.split("<tr");
  assertEquals(rows.map((row) => textsOf(row, "t[hd]")), [
    ["epoch", "train loss", "train accuracy", "test loss", "test accuracy", "seconds"],
    ["1", "0.02000", "90.00 %", "0.01500", "90.00 %", "27.7"],
    ["2", "0.01000", "91.00 %", "0.01500", "93.00 %", "27.7"],
    ["3", "0.006667", "92.00 %", "0.01500", "92.00 %", "27.7"],
  ]);
  assertEquals(rows.map((row) => row.startsWith(' class="best"')), [false, false, true, false]);
});

Deno.test("reportHtml() does without a test", () => {
  const epochs = [{ epoch: 1, trainLoss: 0.5, trainAccuracy: 0.75, seconds: 5000 }];
  const html = reportHtml(reportData({ epochs, seconds: 5000 }));
  assertEquals(textsOf(html, "dd").slice(0, 3), [
    "75.00 % epoch 1",
    "75.00 % epoch 1",
    "1 h 23 min",
  ]);
  assertEquals(textsOf(html, "dt")[0], "Best training accuracy");
  assertEquals(textsOf(html, "thead"), ["epochtrain losstrain accuracyseconds"]);
});

Deno.test("reportHtml() shows firing rates and commands where there are some", () => {
  const html = reportHtml(reportData({
    firingRates: [{ layer: "LIF 10", rate: 0.08912 }],
    commands: [{ purpose: "Go on:", command: "deno run -A cli.ts train --resume" }],
  }));
  assertEquals(textsOf(html, "h2").slice(2), ["Firing rates", "Options", "How to go on"]);
  assertStringIncludes(html, '<th scope="row">LIF 10</th><td>0.0891</td>');
  assertEquals(textsOf(html, "code"), ["deno run -A cli.ts train --resume"]);
});

Deno.test("reportHtml() escapes every text", () => {
  const text = `<b>&"'`;
  const svg = reportData().curve.svg;
  const html = reportHtml(reportData({
    title: text,
    adapter: text,
    options: [[text, text]],
    curve: { svg, caption: text },
    figures: [{ svg, caption: text }],
    firingRates: [{ layer: text, rate: 0 }],
    commands: [{ purpose: text, command: text }],
  }));
  assert(!html.includes("<b>"));
  assertEquals(html.split("&lt;b&gt;&amp;&quot;&#39;").length - 1, 12);
});

Deno.test("reportHtml() needs nothing but itself", async () => {
  const html = reportHtml(reportData({ figures: await someFigures() }));
  const addresses = new Set(html.match(/https?:[^"'\s)]*/g));
  assertEquals(addresses, new Set(["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"]));
  assert(!/<(script|link|iframe|object|embed)\b|@import|\bsrc=/.test(html));
  for (const [, target] of html.matchAll(/href="([^"]*)"/g)) {
    assertStringIncludes(target!, "data:image/png;base64,");
  }
});

Deno.test("reportHtml() keeps the ids of its plots apart", () => {
  const svg =
    `<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">` +
    `<defs><clipPath id="clip1"><path id="p" d="M0 0h9v9z"/></clipPath></defs>` +
    `<g clip-path="url(#clip1)" style="fill: url('#p')" aria-labelledby="p"><use href="#p"/>` +
    `<use xlink:href="#p"/><text>id="p" url(#p)</text></g></svg>`;
  const html = reportHtml(reportData({
    curve: { svg, caption: "a" },
    figures: [{ svg, caption: "b" }, { svg, caption: "c" }],
  }));
  const ids = Array.from(html.matchAll(/<[^>]*\sid="([^"]*)"/g), ([, id]) => id!);
  assertEquals(ids.length, 6);
  assertEquals(new Set(ids).size, 6);
  assertEquals(
    inlineSvg(svg, "x-"),
    `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">` +
      `<defs><clipPath id="x-clip1"><path id="x-p" d="M0 0h9v9z"/></clipPath></defs>` +
      `<g clip-path="url(#x-clip1)" style="fill: url(#x-p)" aria-labelledby="x-p">` +
      `<use href="#x-p"/><use xlink:href="#x-p"/><text>id="p" url(#p)</text></g></svg>`,
  );
});

Deno.test("reportHtml() holds plots as they are", async () => {
  const svg = await accuracyCurve({ train: [0.5, 0.6] });
  assertStringIncludes(reportHtml(reportData({ curve: { svg, caption: "" } })), svg);
});

Deno.test("reportHtml() refuses what it can't show", () => {
  assertThrows(
    () => reportHtml(reportData({ epochs: [] })),
    RangeError,
    "Cannot write a report as there must be at least one epoch: current count is 0",
  );
  assertThrows(
    () => reportHtml(reportData({ figures: [{ svg: "<img src=x>", caption: "Spikes" }] })),
    TypeError,
    'Cannot write a report as the plot "Spikes" must be an SVG: it begins with "<img src=x>"',
  );
});
