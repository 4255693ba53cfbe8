/**
 * Checks of numbers that users give; the messages say what was given and what is allowed. Kernels
 * compute in float32, so a number that is infinite there is not finite.
 *
 * @module
 */

/**
 * Checks a count.
 *
 * @param what What can't be done, such as "Cannot create a Linear layer".
 * @param name The value's name.
 * @param value The value.
 * @param least What it must be at least; 1 by default.
 * @returns The value.
 * @throws {RangeError} If it isn't an integer of at least `least`.
 */
export function checkCount(what: string, name: string, value: number, least = 1): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(
      `${what} as ${name} must be an integer of at least ${least}: current value is ${value}`,
    );
  }
  return value;
}

/**
 * Checks a finite number against an open lower bound.
 *
 * @param what What can't be done.
 * @param name The value's name.
 * @param value The value.
 * @param bound The value must be greater.
 * @returns The value.
 * @throws {RangeError} If it isn't a finite number above the bound.
 */
export function checkAbove(
  what: string,
  name: string,
  value: number,
  bound: number,
): number {
  if (!Number.isFinite(Math.fround(value)) || value <= bound) {
    throw new RangeError(
      `${what} as ${name} must be a finite number greater than ${bound}: current value is ${value}`,
    );
  }
  return value;
}

/**
 * Checks a finite number.
 *
 * @param what What can't be done.
 * @param name The value's name.
 * @param value The value.
 * @returns The value.
 * @throws {RangeError} If it isn't a finite number.
 */
export function checkFinite(what: string, name: string, value: number): number {
  if (!Number.isFinite(Math.fround(value))) {
    throw new RangeError(
      `${what} as ${name} must be a finite number: current value is ${value}`,
    );
  }
  return value;
}

/**
 * Checks a finite number against a lower bound.
 *
 * @param what What can't be done.
 * @param name The value's name.
 * @param value The value.
 * @param bound The value must be at least that.
 * @returns The value.
 * @throws {RangeError} If it isn't a finite number of at least the bound.
 */
export function checkAtLeast(what: string, name: string, value: number, bound: number): number {
  if (!Number.isFinite(Math.fround(value)) || value < bound) {
    throw new RangeError(
      `${what} as ${name} must be a finite number of at least ${bound}: current value is ${value}`,
    );
  }
  return value;
}
