/** How values are distributed. */
export interface Histogram {
  /** The smallest value. */
  readonly min: number;
  /** The largest value. */
  readonly max: number;
  /** The number of values. */
  readonly count: number;
  /** The sum of the values. */
  readonly sum: number;
  /** The sum of the values' squares. */
  readonly sumOfSquares: number;
  /** The right edge of each bucket, ascending; the first bucket's left edge is `min`. */
  readonly bucketLimits: readonly number[];
  /** The number of values in each bucket. */
  readonly buckets: readonly number[];
}

/** As many as TensorBoard draws. */
const BUCKETS = 30;

/**
 * Counts values in 30 buckets of the same width, or in one if they are all the same. What float32
 * can't hold, such as NaN, is left out.
 *
 * @param values The values.
 * @returns The histogram; all of it is 0 or empty if there are no values.
 *
 * @example
 * ```ts
 * import { histogramOf } from "@galvani/snn/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const histogram = histogramOf(new Float32Array([-1, 2, 2, 1]));
 * assertEquals([histogram.min, histogram.max, histogram.count, histogram.sum], [-1, 2, 4, 4]);
 * assertEquals([histogram.buckets[0], histogram.buckets[20], histogram.buckets[29]], [1, 1, 2]);
 * ```
 */
export function histogramOf(values: ArrayLike<number>): Histogram {
  let [min, max, count, sum, sumOfSquares] = [Infinity, -Infinity, 0, 0, 0];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(Math.fround(value))) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    count++;
    sum += value;
    sumOfSquares += value * value;
  }
  if (count === 0) {
    return { min: 0, max: 0, count, sum, sumOfSquares, bucketLimits: [], buckets: [] };
  }
  const width = (max - min) / BUCKETS;
  if (width === 0) {
    return { min, max, count, sum, sumOfSquares, bucketLimits: [max], buckets: [count] };
  }
  const buckets = new Array<number>(BUCKETS).fill(0);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(Math.fround(value))) continue;
    buckets[Math.min(BUCKETS - 1, Math.floor((value - min) / width))]! += 1;
  }
  const bucketLimits = buckets.map((_, index) =>
    index === BUCKETS - 1 ? max : min + width * (index + 1)
  );
  return { min, max, count, sum, sumOfSquares, bucketLimits, buckets };
}
