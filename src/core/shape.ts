/**
 * Shapes: what a sample has at one time step, never T and never the batch.
 *
 * @module
 */

import { countElements, formatShape } from "../formats/tensor.ts";

/**
 * The size of each dimension of a sample at one time step, the outermost first, channels before rows:
 * `[784]`, `[1, 28, 28]`, `[2, 34, 34]`. In memory a sample is flat, row major, whatever its shape.
 */
export type Shape = readonly number[];

/**
 * How many numbers a sample of a shape has.
 *
 * @param shape The shape.
 * @returns The product of its sizes.
 */
export function sizeOf(shape: Shape): number {
  return countElements(shape);
}

/**
 * Whether two shapes are the same.
 *
 * @param a A shape.
 * @param b Another.
 * @returns True if all their sizes are equal.
 */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/**
 * Checks a shape that a user gives.
 *
 * @param what What can't be done otherwise, such as "Cannot compile a network".
 * @param name The shape's name in messages.
 * @param shape The shape.
 * @returns The shape, a copy.
 * @throws {TypeError} If it is no list of sizes.
 * @throws {RangeError} If a size isn't an integer of at least 1.
 */
export function checkShape(what: string, name: string, shape: Shape): Shape {
  if (!Array.isArray(shape) || shape.length === 0) {
    throw new TypeError(
      `${what} as ${name} must be a list of sizes such as [1, 28, 28]: current value is ${
        Array.isArray(shape) ? "[]" : shape
      }`,
    );
  }
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    throw new RangeError(
      `${what} as the sizes of ${name} must be integers of at least 1: current value is ` +
        formatShape(shape),
    );
  }
  return [...shape];
}

export { formatShape };
