import { assert, assertEquals, assertRejects } from "@std/assert";
import { filterPictures } from "../../src/plots/mod.ts";
import { embeddedPictures, parseSvg, texts } from "./svg.ts";

const draw = async (weights: ArrayLike<number>, shape: readonly number[]) => {
  const [outputs = 0, inputs = 0, height = 0, width = 0] = shape;
  return parseSvg(await filterPictures(weights, { outputs, inputs, height, width }));
};

Deno.test("filterPictures() shows filters of one channel after each other, on one scale", async () => {
  const weights = new Float32Array(10 * 4).fill(0);
  weights.set([-1, 0, 0.5, 1], 9 * 4);
  const document = await draw(weights, [10, 1, 2, 2]);
  const pictures = embeddedPictures(document);
  assertEquals(pictures.length, 10 + 1);
  assertEquals([0, 9].map((i) => Array.from(pictures[i]!.png.data)), [
    [128, 128, 128, 128],
    [0, 128, 191, 255],
  ]);
  // The ninth begins a row.
  assert(pictures[7]!.x > pictures[6]!.x && pictures[7]!.y === pictures[0]!.y);
  assertEquals(pictures[8]!.x, pictures[0]!.x);
  assert(pictures[8]!.y >= pictures[0]!.y + pictures[0]!.height);
  const labels = texts(document);
  for (const label of ["10 filters of 1 x 2 x 2", "weight", "1.0"]) assert(labels.includes(label));
});

Deno.test("filterPictures() shows a filter of several channels as a row", async () => {
  const weights = Float32Array.from({ length: 2 * 3 * 2 }, (_, i) => i);
  const document = await draw(weights, [2, 3, 1, 2]);
  const pictures = embeddedPictures(document).slice(0, -1);
  assertEquals(
    pictures.map(({ png }) => png.data[1]),
    [1, 3, 5, 7, 9, 11].map((weight) => Math.round((weight + 11) / 22 * 255)),
  );
  assertEquals([...new Set(pictures.map(({ y }) => y))].length, 2);
  assertEquals([...new Set(pictures.map(({ x }) => x))].length, 3);
  // A picture is as wide as it is said to be, not more.
  assertEquals([pictures[0]!.width, pictures[0]!.height], [40, 20]);
});

Deno.test("filterPictures() shows the first of many, and says so", async () => {
  const several = new Float32Array(20 * 18).fill(1);
  // What isn't shown doesn't stretch the scale.
  several.fill(100, 16, 18);
  several.fill(100, 16 * 18);
  const document = await draw(several, [20, 18, 1, 1]);
  const pictures = embeddedPictures(document).slice(0, -1);
  assertEquals([pictures.length, pictures[0]!.png.data[0]], [256, 255]);
  const words = texts(document).join(" ");
  assert(words.includes("the first 16 of 20 filters of 18 x 1 x 1"), words);
  assert(words.includes("the first 16 input channels"), words);
  const single = await draw(new Float32Array(70).fill(1), [70, 1, 1, 1]);
  assertEquals(embeddedPictures(single).length, 64 + 1);
});

Deno.test("filterPictures() refuses what it can't draw", async () => {
  await assertRejects(
    () => draw([1], [1, 1, 3, 3]),
    TypeError,
    "Cannot plot filters as there must be outputs x inputs x height x width = 1 x 1 x 3 x 3 values: " +
      "current count is 1",
  );
  await assertRejects(
    () => draw([1], [1, 0, 1, 1]),
    RangeError,
    "Cannot plot filters as inputs must be an integer of at least 1: current value is 0",
  );
  await assertRejects(() => draw([Infinity], [1, 1, 1, 1]), RangeError, "must be finite");
});
