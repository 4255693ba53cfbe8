import { messageEnd } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a value is truthy.
 *
 * @param expr The value.
 * @param msg The error's message.
 * @throws {AssertionError} If it is falsy.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert("spikes".includes("ike"));
 * ```
 */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/**
 * Fails.
 *
 * @param msg What the error's message ends with.
 * @returns Never.
 * @throws {AssertionError} Always.
 *
 * @example
 * ```ts
 * import { assertThrows, fail } from "@std/assert";
 *
 * assertThrows(() => fail("unreachable"));
 * ```
 */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${messageEnd(msg)}`);
}

/**
 * Asserts that a value is neither `null` nor `undefined`.
 *
 * @typeParam T The type of the value.
 * @param actual The value.
 * @param msg What the error's message ends with.
 * @throws {AssertionError} If it is one of the two.
 *
 * @example
 * ```ts
 * import { assertExists } from "@std/assert";
 *
 * assertExists([3, 5].find((x) => x > 4));
 * ```
 */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not be null or undefined${messageEnd(msg)}`,
  );
}

/**
 * Asserts that a text includes another.
 *
 * @param actual The text.
 * @param expected What it should include.
 * @param msg What the error's message ends with.
 * @throws {AssertionError} If it does not.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes("spikes", "ike");
 * ```
 */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to contain: "${expected}"${messageEnd(msg)}`,
  );
}

/**
 * Asserts that a text matches a regular expression.
 *
 * @param actual The text.
 * @param expected The regular expression.
 * @param msg What the error's message ends with.
 * @throws {AssertionError} If it does not.
 *
 * @example
 * ```ts
 * import { assertMatch } from "@std/assert";
 *
 * assertMatch("T = 100", /\d+$/);
 * ```
 */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to match: "${expected}"${messageEnd(msg)}`,
  );
}

/** Any constructor. */
export type AnyConstructor = new (...args: never[]) => unknown;

/** What a constructor makes. */
export type GetConstructorType<T extends AnyConstructor> = T extends
  new (...args: never[]) => infer Instance ? Instance : never;

/**
 * Asserts that a value is an instance of a class.
 *
 * @typeParam T The type of the class.
 * @param actual The value.
 * @param expectedType The class.
 * @param msg What the error's message ends with.
 * @throws {AssertionError} If it is not.
 *
 * @example
 * ```ts
 * import { assertInstanceOf } from "@std/assert";
 *
 * assertInstanceOf(new Float32Array(4), Float32Array);
 * ```
 */
export function assertInstanceOf<T extends AnyConstructor>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is GetConstructorType<T> {
  if (actual instanceof expectedType) return;
  const what = `Expected object to be an instance of "${expectedType.name}"`;
  const type = typeName(actual);
  const but = type === expectedType.name
    ? ""
    : type === "function"
    ? " but was not an instanced object"
    : ` but was "${type}"`;
  throw new AssertionError(what + but + messageEnd(msg));
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  return value.constructor?.name ?? "Object";
}
