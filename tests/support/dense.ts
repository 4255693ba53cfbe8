/** Dense signals in memory, written down apart from `src/core/dense.ts`. */

/**
 * f32 [ceil(N / 8)][ceil(T / 4)][8][4] of values [T][N].
 *
 * @param values The values.
 * @param timeSteps T.
 * @param rest What stands past T and past N.
 * @returns The signal.
 */
export function denseOf(
  values: ArrayLike<number>,
  timeSteps: number,
  rest: number,
): Float32Array<ArrayBuffer> {
  const numbers = values.length / timeSteps;
  return Float32Array.from({ length: denseLength(timeSteps, numbers) }, (_, at) => {
    const { t, n } = placeOf(at, timeSteps);
    return t < timeSteps && n < numbers ? values[t * numbers + n]! : rest;
  });
}

/**
 * How many f32 a signal has.
 *
 * @param timeSteps T.
 * @param numbers N.
 * @returns The length.
 */
export function denseLength(timeSteps: number, numbers: number): number {
  return Math.ceil(numbers / 8) * Math.ceil(timeSteps / 4) * 32;
}

/**
 * Whose value stands where.
 *
 * @param at The index of an f32 of a signal.
 * @param timeSteps T.
 * @returns Its time step and number; either may be past the end.
 */
export function placeOf(at: number, timeSteps: number): { t: number; n: number } {
  const [i, place] = [at % 4, Math.floor(at / 4) % 8];
  const quad = Math.floor(at / 32) % Math.ceil(timeSteps / 4);
  const block = Math.floor(at / (32 * Math.ceil(timeSteps / 4)));
  return { t: 4 * quad + i, n: 8 * block + place };
}

/**
 * The reverse of {@linkcode denseOf}.
 *
 * @param dense The signal.
 * @param timeSteps T.
 * @param numbers N.
 * @returns The values, [T][N].
 */
export function valuesOf(dense: Float32Array, timeSteps: number, numbers: number): Float64Array {
  const values = new Float64Array(timeSteps * numbers);
  dense.forEach((value, at) => {
    const { t, n } = placeOf(at, timeSteps);
    if (t < timeSteps && n < numbers) values[t * numbers + n] = value;
  });
  return values;
}
