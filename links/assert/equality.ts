import { AssertionError as NodeAssertionError } from "node:assert";
import { equal } from "./_equal.ts";
import { messageEnd, show } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/** The lines in which two values differ. */
function difference(actual: unknown, expected: unknown): string {
  const { message } = new NodeAssertionError({
    actual,
    expected,
    operator: "deepStrictEqual",
  });
  return message.slice(message.indexOf("\n") + 1);
}

/**
 * Asserts that two values are equal all the way down. 0 and -0 are equal, and so
 * are NaN and NaN.
 *
 * @typeParam T The type of both.
 * @param actual The value.
 * @param expected What it should be.
 * @param msg What the first line of the error's message ends with.
 * @throws {AssertionError} If they are not equal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals({ shape: [28, 28] }, { shape: [28, 28] });
 * ```
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${messageEnd(msg)}\n${difference(actual, expected)}`,
  );
}

/**
 * Asserts that two values are not equal all the way down.
 *
 * @typeParam T The type of both.
 * @param actual The value.
 * @param expected What it should not be.
 * @param msg What the error's message ends with.
 * @throws {AssertionError} If they are equal.
 *
 * @example
 * ```ts
 * import { assertNotEquals } from "@std/assert";
 *
 * assertNotEquals([1, 2], [2, 1]);
 * ```
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${show(actual)} not to be: ${show(expected)}${messageEnd(msg)}`,
  );
}

/**
 * Asserts that two values are the same, as `Object.is` tells.
 *
 * @typeParam T The type of what is expected.
 * @param actual The value.
 * @param expected What it should be.
 * @param msg What the first line of the error's message ends with.
 * @throws {AssertionError} If they are not the same.
 *
 * @example
 * ```ts
 * import { assertStrictEquals } from "@std/assert";
 *
 * const weights = new Float32Array(4);
 * assertStrictEquals(weights.subarray(2).buffer, weights.buffer);
 * ```
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const shown = show(actual);
  throw new AssertionError(
    shown === show(expected)
      ? `Values have the same structure but are not reference-equal${messageEnd(msg)}\n\n${shown}\n`
      : `Values are not strictly equal${messageEnd(msg)}\n${difference(actual, expected)}`,
  );
}

/**
 * Asserts that two numbers are equal within a tolerance.
 *
 * @param actual The number.
 * @param expected What it should be.
 * @param tolerance How far it may be off, by default a ten-millionth of
 * `expected`.
 * @param msg What the error's message ends with.
 * @throws {AssertionError} If they are further apart, or one is NaN.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(0.1 + 0.2, 0.3);
 * assertAlmostEquals(3.14, Math.PI, 0.01);
 * ```
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const delta = Math.abs(expected - actual);
  const limit = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  if (delta <= limit) return;
  const format = (x: number) => Number.isInteger(x) ? x : x.toExponential();
  throw new AssertionError(
    `Expected actual: "${format(actual)}" to be close to "${format(expected)}": delta "${
      format(delta)
    }" is greater than "${format(limit)}"${messageEnd(msg)}`,
  );
}

/** Anything with a length and elements that is not a string. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/**
 * Asserts that an array includes all elements of another, in any order.
 *
 * @typeParam T The type of the elements.
 * @param actual The array.
 * @param expected The elements it should include.
 * @param msg What the first line of the error's message ends with.
 * @throws {AssertionError} If some are missing.
 *
 * @example
 * ```ts
 * import { assertArrayIncludes } from "@std/assert";
 *
 * assertArrayIncludes(["train", "test"], ["test"]);
 * ```
 */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<T>,
  msg?: string,
): void {
  const elements = Array.from(actual);
  const missing = Array.from(expected).filter((element) =>
    !elements.some((other) => equal(element, other))
  );
  if (missing.length === 0) return;
  throw new AssertionError(
    `Expected actual: "${show(actual)}" to include: "${show(expected)}"${
      messageEnd(msg)
    }\nmissing: ${show(missing)}`,
  );
}
