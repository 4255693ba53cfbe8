import { assert, assertEquals, assertRejects } from "@std/assert";
import { weightPictures } from "../../src/plots/mod.ts";
import { colorAt, embeddedPictures, parseSvg, texts } from "./svg.ts";

Deno.test("weightPictures() shows the weights of each output on one scale", async () => {
  const weights = new Float32Array([-0.5, 0, 0.25, 0.5, 0, 0, -1, 0.5]);
  const document = parseSvg(await weightPictures(weights, { height: 2, width: 2 }));
  const [first, second, bar, ...others] = embeddedPictures(document);
  assertEquals(others, []);
  const indices = [first!, second!].map(({ png }) => Array.from(png.data));
  assertEquals(indices, [[64, 128, 159, 191], [128, 128, 0, 191]]);
  assertEquals([first!.width, first!.height], [112, 112]);
  assert(second!.x >= first!.x + first!.width);
  // Blue is negative, orange positive, and the bar has the positive end at the top.
  const [lowRed = 0, , lowBlue = 0] = colorAt(second!.png, 1, 0);
  assert(lowBlue > lowRed);
  const [topRed = 0, , topBlue = 0] = colorAt(bar!.png, 0, 0);
  assert(topRed > topBlue);
  const labels = texts(document);
  for (const label of ["output 0", "output 1", "weight", "−1.0", "0.0", "1.0"]) {
    assert(labels.includes(label), label);
  }
});

Deno.test("weightPictures() shows the first 25 of many outputs, and says so", async () => {
  const weights = new Float32Array(1000 * 6).fill(0.1);
  // What isn't shown doesn't stretch the scale.
  weights[25 * 6] = 100;
  const document = parseSvg(await weightPictures(weights, { height: 2, width: 3 }));
  assertEquals(embeddedPictures(document).length, 25 + 1);
  assertEquals(embeddedPictures(document)[0]!.png.data[0], 255);
  const labels = texts(document);
  assert(labels.includes("the first 25 of 1000 outputs"));
  assert(labels.includes("output 24") && !labels.includes("output 25"));
});

Deno.test("weightPictures() shows weights of 0 in the middle of the scale", async () => {
  const [only] = embeddedPictures(
    parseSvg(await weightPictures(new Float32Array(4), { height: 2, width: 2 })),
  );
  assertEquals(Array.from(only!.png.data), [128, 128, 128, 128]);
});

Deno.test("weightPictures() refuses what it can't draw", async () => {
  await assertRejects(
    () => weightPictures(new Float32Array(9), { height: 2, width: 2 }),
    TypeError,
    "Cannot plot weights as there must be outputs x height x width = 3 x 2 x 2 values: " +
      "current count is 9",
  );
  await assertRejects(
    () => weightPictures([], { height: 2, width: 2 }),
    TypeError,
    "Cannot plot weights as there must be outputs x height x width = 1 x 2 x 2 values: " +
      "current count is 0",
  );
  await assertRejects(
    () => weightPictures([1], { height: 1.5, width: 2 }),
    RangeError,
    "Cannot plot weights as height must be an integer of at least 1: current value is 1.5",
  );
  await assertRejects(
    () => weightPictures([NaN], { height: 1, width: 1 }),
    RangeError,
    "Cannot plot weights as values must be finite: value 0 is NaN",
  );
});
