import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Dataset, type DatasetInit, imageDataset } from "../../src/datasets/mod.ts";

/** A data set of three samples of two bytes. */
const make = (parts: Partial<DatasetInit>) =>
  new Dataset({ shape: [2], content: { kind: "bytes", data: new Uint8Array(6) }, ...parts });

Deno.test("a data set takes labels in any array of integers", () => {
  const labels = [2, 0, 1];
  const bigLabels = labels.map(BigInt);
  const arrays = [
    labels,
    { 0: 2, 1: 0, 2: 1, length: 3 },
    Uint8Array.from(labels),
    Uint8ClampedArray.from(labels),
    Uint16Array.from(labels),
    Uint32Array.from(labels),
    Int8Array.from(labels),
    Int16Array.from(labels),
    Int32Array.from(labels),
    Float32Array.from(labels),
    Float64Array.from(labels),
    bigLabels,
    BigInt64Array.from(bigLabels),
    BigUint64Array.from(bigLabels),
  ];
  for (const labels of arrays) {
    const dataset = make({ labels });
    assertEquals(Array.from(dataset.labels ?? []), [2, 0, 1]);
    assertEquals(dataset.classes, 3);
    assertEquals(Array.from(dataset.take([2, 0]).labels ?? []), [1, 2]);
    assertEquals(Array.from(dataset.slice(1).labels ?? []), [0, 1]);
    const pictures = imageDataset(new Uint8Array(3), { shape: [1, 1, 1], labels });
    assertEquals(Array.from(pictures.labels ?? []), [2, 0, 1]);
    // Those of numbers are the caller's own, which may change.
    if (typeof labels[0] === "number") assertStrictEquals<unknown>(dataset.labels, labels);
  }
});

Deno.test("a data set refuses labels that are none", () => {
  const refused: [unknown, new () => Error, string][] = [
    [[0, 1.5, 0], RangeError, "that of sample 1 is 1.5"],
    [[0, 1, NaN], RangeError, "that of sample 2 is NaN"],
    [[0, 0, -1], RangeError, "that of sample 2 is -1"],
    [[0n, 0n, -1n], RangeError, "that of sample 2 is -1"],
    [[0, Infinity, 0], RangeError, "that of sample 1 is Infinity"],
    [[0, 1], RangeError, "labels must be [count], 3 numbers: it has 2"],
    [7, TypeError, "labels must be an array of integers: current value is 7"],
    ["012", TypeError, "labels must be an array of integers: current value is 012"],
    [new Set([0, 1, 2]), TypeError, "labels must be an array of integers"],
  ];
  for (const [labels, ErrorClass, message] of refused) {
    assertThrows(() => make({ labels: labels as number[] }), ErrorClass, message);
  }
});

Deno.test("a data set checks how many classes there are, with labels and without", () => {
  for (const classes of [0, -1, 2.5, NaN, Infinity, "3" as unknown as number]) {
    for (const labels of [undefined, [0, 1, 2]]) {
      assertThrows(
        () => make({ classes, ...labels ? { labels } : {} }),
        RangeError,
        "Cannot make a data set as classes must be an integer of at least 1: " +
          `current value is ${classes}`,
      );
    }
  }
  assertThrows(
    () => make({ labels: [0, 1, 2], classes: 2 }),
    RangeError,
    "Cannot make a data set as labels must be integers from 0 to 1, one less than its classes: " +
      "that of sample 2 is 2",
  );
  assertEquals(make({ labels: [0, 1, 2], classes: 10 }).take([0]).classes, 10);
});

Deno.test("a part of a data set without labels keeps its classes", () => {
  const dataset = make({ classes: 4 });
  assert(!dataset.labels);
  assertEquals([dataset.take([1]).classes, dataset.slice(1).classes], [4, 4]);
  assertEquals(make({}).take([1]).classes, 0);
});
