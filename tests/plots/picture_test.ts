import { assert, assertEquals, assertRejects } from "@std/assert";
import { picture } from "../../src/plots/mod.ts";
import { colorAt, embeddedPictures, parseSvg, texts } from "./svg.ts";

Deno.test("picture() shows each pixel in its grey", async () => {
  const pixels = new Uint8Array([0, 51, 102, 153, 204, 255]);
  const document = parseSvg(await picture(pixels, { height: 2, width: 3, title: "Six pixels" }));
  const [image] = embeddedPictures(document);
  const { png, ...place } = image!;
  assertEquals(place, { x: 0, y: 0, width: 280, height: 187 });
  assertEquals([png.width, png.height], [3, 2]);
  for (const [i, pixel] of pixels.entries()) {
    assertEquals(colorAt(png, Math.floor(i / 3), i % 3), [pixel, pixel, pixel]);
  }
  assert(texts(document).includes("Six pixels"));
});

Deno.test("picture() refuses what it can't draw", async () => {
  const pixels = new Uint8Array(6);
  await assertRejects(
    () => picture(pixels, { height: 2, width: 2 }),
    TypeError,
    "Cannot plot a picture as there must be height x width = 2 x 2 values: current count is 6",
  );
  await assertRejects(
    () => picture([], { height: 0, width: 2 }),
    RangeError,
    "Cannot plot a picture as height must be an integer of at least 1: current value is 0",
  );
  await assertRejects(
    () => picture([0, 256], { height: 1, width: 2 }),
    RangeError,
    "Cannot plot a picture as each pixel must be between 0 and 255: value 1 is 256",
  );
  await assertRejects(
    () => picture([NaN], { height: 1, width: 1 }),
    RangeError,
    "Cannot plot a picture as values must be finite: value 0 is NaN",
  );
});

Deno.test("picture() writes titles with any characters", async () => {
  const title = `a < b > c & "d" 'e'`;
  const svg = await picture([0], { height: 1, width: 1, title });
  assertEquals(texts(parseSvg(svg)).filter(Boolean), [title]);
});
