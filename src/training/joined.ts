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

/** An array, and windows one after the other that are all of it. */
export interface Joined {
  /** The array. */
  readonly values: Float32Array<ArrayBuffer>;
  /** The windows. */
  readonly parts: readonly Float32Array<ArrayBuffer>[];
}

/**
 * Makes an array of zeros.
 *
 * @param counts How many numbers each of its windows has.
 * @returns The array.
 */
export function room(counts: readonly number[]): Joined {
  const values = new Float32Array(counts.reduce((sum, count) => sum + count, 0));
  return { values, parts: cut(values, counts) };
}

/**
 * Brings arrays into one.
 *
 * @param arrays The arrays.
 * @returns All their numbers, and windows where each of them is.
 */
export function joined(arrays: readonly Float32Array[]): Joined {
  const all = room(arrays.map(({ length }) => length));
  arrays.forEach((array, i) => all.parts[i]!.set(array));
  return all;
}
