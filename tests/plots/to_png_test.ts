import { assert, assertEquals, assertRejects } from "@std/assert";
import { decode } from "fast-png";
import { accuracyCurve, picture, toPng } from "../../src/plots/mod.ts";

/** An SVG of 40 x 20 pixels. */
function svgOf(content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">` +
    `<rect width="40" height="20" fill="white"/>${content}</svg>`;
}

/** How many pixels aren't white. */
function inkOf(png: Uint8Array): number {
  const { data } = decode(png);
  let ink = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i]! < 128) ink++;
  return ink;
}

Deno.test("toPng() makes pictures of the right size", async () => {
  for (const [scale, width, height] of [[undefined, 80, 40], [1, 40, 20], [3, 120, 60]] as const) {
    const png = decode(await toPng(svgOf(""), scale === undefined ? {} : { scale }));
    assertEquals([png.width, png.height], [width, height]);
  }
});

Deno.test("toPng() draws text, in plain and bold", async () => {
  const text = (weight: string) =>
    `<text x="2" y="15" font-family="DejaVu Sans, Verdana" font-weight="${weight}">Hm</text>`;
  const plain = inkOf(await toPng(svgOf(text("normal"))));
  const bold = inkOf(await toPng(svgOf(text("bold"))));
  assert(plain > 100, `${plain} pixels`);
  assert(bold > 1.2 * plain, `${bold} and ${plain} pixels`);
});

Deno.test("toPng() writes with the fonts it is given", async () => {
  const text = `<text x="2" y="15" font-family="DejaVu Sans">Hm</text>`;
  assertEquals(inkOf(await toPng(svgOf(text), { fonts: [] })), 0);
});

Deno.test("toPng() keeps the pixels of pictures sharp", async () => {
  const png = decode(
    await toPng(await picture(new Uint8Array([0, 255, 255, 0]), { height: 2, width: 2 })),
  );
  const greys = new Map<number, number>();
  for (let i = 0; i < png.data.length; i += 4) {
    greys.set(png.data[i]!, (greys.get(png.data[i]!) ?? 0) + 1);
  }
  // Two quarters of 280 x 280 pixels are black, at twice the size.
  const black = greys.get(0) ?? 0;
  assert(Math.abs(black - 2 * 280 * 280) < 3000, `${black} black pixels`);
});

Deno.test("toPng() draws a plot", async () => {
  const svg = await accuracyCurve({ train: [0.8, 0.9], test: [0.82, 0.91] });
  assert(inkOf(await toPng(svg)) > 2000);
});

Deno.test("toPng() refuses what it can't draw", async () => {
  await assertRejects(
    () => toPng("<html></html>"),
    SyntaxError,
    "Cannot make a PNG as the text is not an SVG",
  );
  await assertRejects(
    () => toPng(svgOf(""), { scale: 0 }),
    RangeError,
    "Cannot make a PNG as scale must be a finite number greater than 0: current value is 0",
  );
});
