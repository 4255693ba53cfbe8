import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { confusionMatrix } from "../../src/plots/mod.ts";
import { colorAt, embeddedPictures, markElements, numbersOf, parseSvg, texts } from "./svg.ts";

Deno.test("confusionMatrix() writes each count into its cell", async () => {
  const counts = new Uint32Array([90, 9, 1, 0, 50, 0, 4, 0, 0]);
  const document = parseSvg(await confusionMatrix(counts, { classes: 3 }));
  const numbers = markElements(document, "cell-numbers", "text");
  assertEquals(numbers.map((text) => Number(text.textContent)), Array.from(counts));
  const cell = 440 / 3;
  numbers.forEach((text, i) => {
    const [x = NaN, y = NaN] = numbersOf(text, "transform");
    assertAlmostEquals(x, (i % 3 + 0.5) * cell, 0.1);
    // The baseline is below the middle of the number.
    assertAlmostEquals(y, (Math.floor(i / 3) + 0.5) * cell, 5);
  });
  const labels = texts(document);
  for (const label of ["true label", "answer", "140 of 154 answers are right"]) {
    assert(labels.includes(label), label);
  }
});

Deno.test("confusionMatrix() colours a cell by its share of the row", async () => {
  const [cells] = embeddedPictures(
    parseSvg(await confusionMatrix([1, 3, 0, 0], { classes: 2 })),
  );
  // A row without images is white.
  assertEquals(Array.from(cells!.png.data), [128, 221, 0, 0]);
  assertEquals(colorAt(cells!.png, 1, 0), [255, 255, 255]);
});

Deno.test("confusionMatrix() has no numbers where there is no room for them", async () => {
  for (const [classes, count] of [[1, 1], [25, 625], [26, 0], [100, 0]] as const) {
    const counts = new Uint32Array(classes * classes).fill(12345);
    const document = parseSvg(await confusionMatrix(counts, { classes }));
    assertEquals(markElements(document, "cell-numbers", "text").length, count);
    assertEquals(embeddedPictures(document)[0]!.png.width, classes);
  }
});

Deno.test("confusionMatrix() refuses what it can't draw", async () => {
  await assertRejects(
    () => confusionMatrix(new Uint32Array(5), { classes: 2 }),
    TypeError,
    "Cannot plot a confusion matrix as there must be labels x answers = 2 x 2 values: " +
      "current count is 5",
  );
  await assertRejects(
    () => confusionMatrix([], { classes: 0 }),
    RangeError,
    "Cannot plot a confusion matrix as classes must be an integer of at least 1: current value is 0",
  );
  for (const flaw of [-1, 0.5]) {
    await assertRejects(
      () => confusionMatrix([1, flaw, 0, 0], { classes: 2 }),
      RangeError,
      `Cannot plot a confusion matrix as counts must be integers of at least 0: value 1 is ${flaw}`,
    );
  }
});
