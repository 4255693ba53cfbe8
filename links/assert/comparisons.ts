import { show } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

function failComparison(
  actual: unknown,
  operator: string,
  expected: unknown,
  msg: string | undefined,
): never {
  throw new AssertionError(
    msg ?? `Expect ${show(actual)} ${operator} ${show(expected)}`,
  );
}

/**
 * Asserts that a value is greater than another.
 *
 * @typeParam T The type of both.
 * @param actual The value.
 * @param expected The other.
 * @param msg The error's message.
 * @throws {AssertionError} If it is not.
 *
 * @example
 * ```ts
 * import { assertGreater } from "@std/assert";
 *
 * assertGreater(2, 1);
 * ```
 */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) failComparison(actual, ">", expected, msg);
}

/**
 * Asserts that a value is greater than another or equal to it.
 *
 * @typeParam T The type of both.
 * @param actual The value.
 * @param expected The other.
 * @param msg The error's message.
 * @throws {AssertionError} If it is not.
 *
 * @example
 * ```ts
 * import { assertGreaterOrEqual } from "@std/assert";
 *
 * assertGreaterOrEqual(2, 2);
 * ```
 */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual >= expected)) failComparison(actual, ">=", expected, msg);
}

/**
 * Asserts that a value is less than another.
 *
 * @typeParam T The type of both.
 * @param actual The value.
 * @param expected The other.
 * @param msg The error's message.
 * @throws {AssertionError} If it is not.
 *
 * @example
 * ```ts
 * import { assertLess } from "@std/assert";
 *
 * assertLess(1, 2);
 * ```
 */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) failComparison(actual, "<", expected, msg);
}

/**
 * Asserts that a value is less than another or equal to it.
 *
 * @typeParam T The type of both.
 * @param actual The value.
 * @param expected The other.
 * @param msg The error's message.
 * @throws {AssertionError} If it is not.
 *
 * @example
 * ```ts
 * import { assertLessOrEqual } from "@std/assert";
 *
 * assertLessOrEqual(2, 2);
 * ```
 */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual <= expected)) failComparison(actual, "<=", expected, msg);
}
