import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { accuracyCurve } from "../../src/plots/mod.ts";
import { markElements, numbersOf, parseSvg, texts } from "./svg.ts";

/** The points of the lines, in order. */
function points(svg: string): number[][] {
  return markElements(parseSvg(svg), "mark-line", "path").map((path) => numbersOf(path, "d"));
}

Deno.test("accuracyCurve() draws a line for the training and one for the test", async () => {
  const svg = await accuracyCurve({ train: [0.8, 0.9, 0.95], test: [0.85, 0.92, 0.91] });
  const [train = [], test = []] = points(svg);
  assertEquals(train.length, 6);
  assertEquals([train[0], train[2], train[4]], [test[0], test[2], test[4]]);
  // The axis is linear, higher is better, and both lines share it.
  const [, y80 = 0, , y90 = 0, , y95 = 0] = train;
  const [, y85 = 0, , y92 = 0] = test;
  assertAlmostEquals((y80 - y90) / (y90 - y95), 2, 1e-2);
  assertAlmostEquals(y80 - y85, (y80 - y90) / 2, 1e-1);
  assert(y92 < y90);
  const labels = texts(parseSvg(svg));
  for (const label of ["epoch", "accuracy (%)", "train", "test", "best epoch"]) {
    assert(labels.includes(label), label);
  }
});

Deno.test("accuracyCurve() zooms to the accuracies there are", async () => {
  const [line = []] = points(await accuracyCurve({ train: [0.92, 0.93] }));
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = line;
  assert(y0 - y1 > 250, "the curve fills the height");
  assertEquals([x0, x1], [0, 720]);
});

Deno.test("accuracyCurve() marks the best epoch, the first of equals", async () => {
  const svg = await accuracyCurve({ train: [0.8, 0.9, 0.99], test: [0.85, 0.92, 0.92] });
  const [ring] = markElements(parseSvg(svg), "best-ring", "path");
  const [, test = []] = points(svg);
  const [x = NaN, y = NaN] = numbersOf(ring!, "transform");
  assertAlmostEquals(x, test[2]!, 1e-2);
  assertAlmostEquals(y, test[3]!, 1e-2);
  assert(texts(parseSvg(svg)).includes("best test accuracy 92.00 % in epoch 2"));
});

Deno.test("accuracyCurve() does without a test", async () => {
  const svg = await accuracyCurve({ train: [0.8, 0.9] }, { title: "No test" });
  assertEquals(points(svg).length, 1);
  const labels = texts(parseSvg(svg));
  assert(labels.includes("best training accuracy 90.00 % in epoch 2"));
  assert(labels.includes("No test"));
  assert(!labels.includes("test"));
});

Deno.test("accuracyCurve() draws dots while there is room for them", async () => {
  for (const [epochs, dots] of [[1, 1], [50, 50], [1000, 0]] as const) {
    const train = Float64Array.from({ length: epochs }, (_, i) => 1 - 1 / (i + 2));
    const document = parseSvg(await accuracyCurve({ train, test: train }));
    assertEquals(markElements(document, "train-dots", "path").length, dots);
    assertEquals(markElements(document, "test-dots", "path").length, dots);
  }
});

Deno.test("accuracyCurve() shows equal accuracies in the middle of a percentage point", async () => {
  const [line = []] = points(await accuracyCurve({ train: [0.9, 0.9] }));
  assertEquals([line[1], line[3]], [180, 180]);
});

Deno.test("accuracyCurve() refuses what it can't draw", async () => {
  await assertRejects(
    () => accuracyCurve({ train: [] }),
    TypeError,
    "Cannot plot accuracies as there must be at least one epoch: current count is 0",
  );
  await assertRejects(
    () => accuracyCurve({ train: [0.5, 0.6], test: [0.5] }),
    TypeError,
    "Cannot plot accuracies as there must be as many test as training accuracies: " +
      "current counts are 1 and 2",
  );
  await assertRejects(
    () => accuracyCurve({ train: [0.5, NaN] }),
    RangeError,
    "Cannot plot accuracies as each training accuracy must be between 0 and 1: value 1 is NaN",
  );
  await assertRejects(
    () => accuracyCurve({ train: [0.5], test: [92] }),
    RangeError,
    "Cannot plot accuracies as each test accuracy must be between 0 and 1: value 0 is 92",
  );
});
