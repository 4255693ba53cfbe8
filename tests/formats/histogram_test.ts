import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { histogramOf } from "../../src/formats/mod.ts";

Deno.test("histogramOf() counts values in 30 buckets", () => {
  const histogram = histogramOf([...Array(60).keys(), 60]);
  assertEquals(histogram, {
    min: 0,
    max: 60,
    count: 61,
    sum: 1830,
    sumOfSquares: 73810,
    bucketLimits: Array.from({ length: 30 }, (_, index) => 2 * (index + 1)),
    buckets: [...Array(29).fill(2), 3],
  });
});

Deno.test("histogramOf() needs one bucket for values that are the same", () => {
  const moments = { min: 2, max: 2, count: 3, sum: 6, sumOfSquares: 12 };
  assertEquals(histogramOf([2, 2, 2]), { ...moments, bucketLimits: [2], buckets: [3] });
  assertEquals(histogramOf([0, 5e-324]).buckets, [2]);
});

Deno.test("histogramOf() takes no values", () => {
  const moments = { min: 0, max: 0, count: 0, sum: 0, sumOfSquares: 0 };
  assertEquals(histogramOf([]), { ...moments, bucketLimits: [], buckets: [] });
});

Deno.test("histogramOf() leaves out what float32 can't hold", () => {
  const values = [1, NaN, 3, Infinity, -Infinity, 1e300];
  assertEquals(histogramOf(values), histogramOf([1, 3]));
});

Deno.test("histogramOf() counts all values, in ascending buckets, each in its own", () => {
  const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
  fc.assert(
    fc.property(numbers, (values) => {
      const { min, max, count, bucketLimits, buckets } = histogramOf(values);
      assertEquals([min, max, count], [Math.min(...values), Math.max(...values), values.length]);
      assertEquals(buckets.reduce((sum, bucket) => sum + bucket), count);
      assertEquals(buckets.length, bucketLimits.length);
      assertEquals(bucketLimits.at(-1), max);
      assertEquals(bucketLimits, bucketLimits.toSorted((a, b) => a - b));
      const first = values.filter((value) => value < bucketLimits[0]!).length;
      const upTo = values.filter((value) => value <= bucketLimits[0]!).length;
      assert(first <= buckets[0]! && buckets[0]! <= upTo);
    }),
    { seed: 1, numRuns: 500 },
  );
});
