import type { Collective } from "../core/collective.ts";
import { checkCount } from "../validate.ts";

/** The numbers of one that waits for the others. */
interface Waiting {
  readonly values: Float32Array | Float64Array;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Connects trainers of one process, each with a model of its own, as others connect processes: to try
 * training together, and for tests. They run at the same time.
 *
 * @param size How many trainers.
 * @returns One for each. `allReduceSum` is rejected with a `RangeError` if they bring different counts
 * of numbers, and with a `TypeError` if one of them asks again before all have come.
 * @throws {RangeError} If the size isn't an integer of at least 1.
 *
 * @example
 * ```ts
 * import { localCollectives } from "@galvani/snn";
 *
 * const sums = localCollectives(2).map(async (collective) => {
 *   const values = Float32Array.of(1, collective.rank);
 *   await collective.allReduceSum(values);
 *   return values;
 * });
 * console.log(await Promise.all(sums)); // both are 2, 1
 * ```
 */
export function localCollectives(size: number): Collective[] {
  checkCount("Cannot connect trainers", "size", size);
  const waiting = new Map<number, Waiting>();
  const add = () => {
    // In the order of the ranks, whoever came first: so the same bits, run after run.
    const all = Array.from({ length: size }, (_, rank) => waiting.get(rank)!);
    waiting.clear();
    const counts = all.map(({ values }) => values.length);
    if (counts.some((count) => count !== counts[0])) {
      const error = new RangeError(
        `Cannot add up over ${size} trainers as they have ${counts.join(", ")} numbers`,
      );
      return all.forEach(({ reject }) => reject(error));
    }
    const sum = all[0]!.values.slice();
    for (const { values } of all.slice(1)) values.forEach((value, i) => sum[i]! += value);
    for (const { values, resolve } of all) {
      values.set(sum);
      resolve();
    }
  };
  return Array.from({ length: size }, (_, rank) => ({
    rank,
    size,
    allReduceSum: (values) =>
      new Promise((resolve, reject) => {
        if (waiting.has(rank)) {
          const what = `trainer ${rank} has asked for a sum already`;
          return reject(new TypeError(`Cannot add up over ${size} trainers as ${what}`));
        }
        waiting.set(rank, { values, resolve, reject });
        if (waiting.size === size) add();
      }),
  }));
}
