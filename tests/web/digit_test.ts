/** Strokes become pictures as MNIST's are. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { loadMnist } from "../../src/datasets/mnist.ts";
import { centreOfMass, pictureOf, type Point, type Stroke } from "../../web/digit.ts";

const line = (...points: [number, number][]): Point[] => points.map(([x, y]) => ({ x, y }));

const seven = [line([0.3, 0.2], [0.7, 0.2], [0.45, 0.85])];
const slash = [line([0.1, 0.9], [0.2, 0.2])];
const four = [line([0.4, 0.1], [0.3, 0.5], [0.7, 0.5]), line([0.6, 0.3], [0.58, 0.95])];

/** The columns or rows of a picture that have ink. */
function extentOf(pixels: ArrayLike<number>, isOf: "columns" | "rows"): number {
  const places = Array.from(pixels)
    .flatMap((ink, i) => ink > 0 ? [isOf === "columns" ? i % 28 : Math.floor(i / 28)] : []);
  return Math.max(...places) - Math.min(...places) + 1;
}

/** Strokes made smaller and moved. */
const placed = (strokes: readonly Stroke[], size: number, x: number, y: number) =>
  strokes.map((stroke) => stroke.map((p) => ({ x: x + size * p.x, y: y + size * p.y })));

Deno.test("MNIST's own digits have their centre of mass at 14.5, and a box of 20 x 20", async () => {
  const { test } = await loadMnist();
  assert(test.content.kind === "bytes");
  const mean = { x: 0, y: 0 };
  for (let i = 0; i < 200; i++) {
    const pixels = test.content.data.subarray(i * 784, (i + 1) * 784);
    const { x, y } = centreOfMass(pixels);
    mean.x += x / 200;
    mean.y += y / 200;
    // They were moved by whole pixels.
    assertAlmostEquals(x, 14.5, 0.75);
    assertAlmostEquals(y, 14.5, 0.75);
    const box = Math.max(extentOf(pixels, "columns"), extentOf(pixels, "rows"));
    assert(box === 20 || box === 19, `digit ${i} is ${box} pixels large`);
  }
  assertAlmostEquals(mean.x, 14.5, 0.05);
  assertAlmostEquals(mean.y, 14.5, 0.05);
});

for (const [name, strokes] of Object.entries({ seven, slash, four })) {
  Deno.test(`a drawn ${name} is as large as MNIST's, and where they are`, () => {
    const pixels = pictureOf(strokes)!;
    const { x, y } = centreOfMass(pixels);
    assertAlmostEquals(x, 14.5, 0.05);
    assertAlmostEquals(y, 14.5, 0.05);
    // The pen's edge may touch one pixel more on either side.
    const rows = extentOf(pixels, "rows");
    assert(rows >= 20 && rows <= 22, `it is ${rows} pixels high`);
    assertEquals(Math.max(...pixels), 255);
  });

  Deno.test(`a drawn ${name} is the same wherever and however large it was drawn`, () => {
    const pixels = pictureOf(strokes)!;
    const others = pictureOf(placed(strokes, 0.4, 0.55, 0.02))!;
    pixels.forEach((ink, i) => assertAlmostEquals(ink, others[i]!, 1));
  });
}

Deno.test("a drawing keeps its proportions", () => {
  const pixels = pictureOf(slash)!;
  // 0.1 by 0.7 beside a pen of 2.3 pixels: about 2.5 + 2.3 pixels of 20.
  const columns = extentOf(pixels, "columns");
  assert(columns >= 5 && columns <= 7, `it is ${columns} pixels wide`);
});

Deno.test("a dot stays a dot, and nothing is no picture", () => {
  const dot = pictureOf([line([0.9, 0.9])])!;
  assert(extentOf(dot, "rows") <= 4);
  assertEquals(pictureOf([]), undefined);
});
