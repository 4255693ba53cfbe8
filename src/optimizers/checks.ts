/**
 * Checks of the options of optimizers and schedulers.
 *
 * @module
 */

/**
 * Checks a finite number against a closed lower bound.
 *
 * @param what What can't be done, such as "Cannot create the Adam optimizer".
 * @param name The value's name.
 * @param value The value.
 * @param bound The least value.
 * @returns The value.
 * @throws {RangeError} If it isn't a finite number of at least the bound.
 */
export function checkAtLeast(what: string, name: string, value: number, bound: number): number {
  if (!Number.isFinite(value) || value < bound) {
    throw new RangeError(
      `${what} as ${name} must be a finite number of at least ${bound}: current value is ${value}`,
    );
  }
  return value;
}

/**
 * Checks the factor of the learning rate that a rise starts from.
 *
 * @param what What can't be done.
 * @param value The factor.
 * @returns The factor.
 * @throws {RangeError} If it isn't above 0 and at most 1.
 */
export function checkStartFactor(what: string, value: number): number {
  if (!(value > 0 && value <= 1)) {
    throw new RangeError(
      `${what} as startFactor must be greater than 0 and at most 1: current value is ${value}`,
    );
  }
  return value;
}
