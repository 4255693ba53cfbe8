/** Arrays that lie one after the other in one, as an exchange takes them. */

/**
 * Windows of an array, one after the other.
 *
 * @param values The array.
 * @param counts How many numbers each has.
 * @returns The windows.
 */
export function cut<A extends Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  values: A,
  counts: readonly number[],
): A[] {
  let at = 0;
  return counts.map((count) => values.subarray(at, at += count) as A);
}

/**
 * Brings arrays into one.
 *
 * @param arrays The arrays.
 * @returns All their numbers, and windows where each of them is.
 */
export function joined(arrays: readonly Float32Array[]): {
  readonly values: Float32Array<ArrayBuffer>;
  readonly parts: Float32Array<ArrayBuffer>[];
} {
  const counts = arrays.map(({ length }) => length);
  const values = new Float32Array(counts.reduce((sum, count) => sum + count, 0));
  const parts = cut(values, counts);
  arrays.forEach((array, i) => parts[i]!.set(array));
  return { values, parts };
}
