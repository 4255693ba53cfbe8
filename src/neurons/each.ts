/**
 * Constants that are one number for all neurons, or one for each.
 *
 * @module
 */

/** One number for all neurons, or one for each neuron of a sample. */
export type NumberOrEach = number | ArrayLike<number>;

/**
 * Checks finite numbers.
 *
 * @param what What can't be done otherwise.
 * @param name Their name.
 * @param value One number, or one for each neuron.
 * @param least The least that is allowed, and whether it is itself; any number by default.
 * @returns The number, or a copy of the numbers.
 * @throws {RangeError} If a number isn't finite or too small, or there is none.
 */
export function checkEach(
  what: string,
  name: string,
  value: NumberOrEach,
  least?: { readonly bound: number; readonly open: boolean },
): number | Float32Array<ArrayBuffer> {
  const fits = (number: number) =>
    Number.isFinite(Math.fround(number)) &&
    (!least || number > least.bound || (!least.open && number === least.bound));
  const allowed = !least
    ? "a finite number"
    : `a finite number ${least.open ? "greater than" : "of at least"} ${least.bound}`;
  if (typeof value === "number") {
    if (fits(value)) return value;
    throw new RangeError(`${what} as ${name} must be ${allowed}: current value is ${value}`);
  }
  const wrong = Array.prototype.findIndex.call(value, (number: number) => !fits(number));
  if (wrong >= 0 || !(value?.length > 0)) {
    throw new RangeError(
      `${what} as ${name} must be ${allowed}, or one for each neuron: ` +
        (wrong >= 0 ? `that of neuron ${wrong} is ${value[wrong]}` : `current value is ${value}`),
    );
  }
  return Float32Array.from(value);
}

/**
 * Maps one number, or those of each neuron.
 *
 * @param value One number, or one for each neuron.
 * @param map What becomes of each.
 * @returns One number, or one for each neuron.
 */
export function mapEach(
  value: number | Float32Array,
  map: (number: number) => number,
): number | Float32Array<ArrayBuffer> {
  return typeof value === "number" ? map(value) : Float32Array.from(value, map);
}

/**
 * One number, or those of each neuron, for JSON.
 *
 * @param value One number, or one for each neuron.
 * @returns The number, or a list.
 */
export function toJson(value: number | Float32Array): number | number[] {
  return typeof value === "number" ? value : [...value];
}
