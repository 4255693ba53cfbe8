/**
 * Checks of what is to be plotted.
 *
 * @module
 */

/**
 * Checks that there are as many values as a shape holds, all of them finite.
 *
 * @param what What can't be done, such as "Cannot plot spikes".
 * @param values The values.
 * @param shape The size of each dimension, by name.
 * @throws {TypeError} If there are more or fewer values.
 * @throws {RangeError} If a value isn't finite.
 */
export function checkValues(
  what: string,
  values: ArrayLike<number>,
  shape: Readonly<Record<string, number>>,
): void {
  const sizes = Object.values(shape);
  const expected = sizes.reduce((product, size) => product * size, 1);
  if (values.length !== expected) {
    throw new TypeError(
      `${what} as there must be ${Object.keys(shape).join(" x ")} = ${
        sizes.join(" x ")
      } values: current count is ${values.length}`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`${what} as values must be finite: value ${i} is ${values[i]}`);
    }
  }
}

/**
 * Checks that values lie between two bounds, which belong to what is allowed.
 *
 * @param what What can't be done.
 * @param name What one value is called.
 * @param values The values.
 * @param low The least value.
 * @param high The greatest value.
 * @throws {RangeError} If a value lies outside.
 */
export function checkBetween(
  what: string,
  name: string,
  values: ArrayLike<number>,
  low: number,
  high: number,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= low && value <= high)) {
      throw new RangeError(
        `${what} as each ${name} must be between ${low} and ${high}: value ${i} is ${value}`,
      );
    }
  }
}
