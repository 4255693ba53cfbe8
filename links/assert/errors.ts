import { stripVTControlCharacters } from "node:util";
import { messageEnd } from "./_message.ts";
import { AssertionError } from "./assertion_error.ts";

/** The class of an error. */
type ErrorClass<E extends Error> = new (...args: never[]) => E;

/** What an error is expected to be, from either form of the arguments. */
interface Expectation<E extends Error> {
  type?: ErrorClass<E> | undefined;
  includes?: string | undefined;
  msg?: string | undefined;
}

function toExpectation<E extends Error>(
  typeOrMsg: ErrorClass<E> | string | undefined,
  includes: string | undefined,
  msg: string | undefined,
): Expectation<E> {
  return typeof typeOrMsg === "string" ? { msg: typeOrMsg } : { type: typeOrMsg, includes, msg };
}

function check<E extends Error>(
  error: unknown,
  { type, includes, msg }: Expectation<E>,
  verb: "thrown" | "rejected",
): void {
  if (!type) return;
  if (!(error instanceof Error)) {
    throw new AssertionError(
      `A non-Error object was ${verb}${messageEnd(msg)}`,
    );
  }
  if (!(error instanceof type)) {
    throw new AssertionError(
      `Expected error to be instance of "${type.name}", but was "${error.constructor.name}"${
        messageEnd(msg)
      }`,
    );
  }
  if (
    includes &&
    !stripVTControlCharacters(error.message)
      .includes(stripVTControlCharacters(includes))
  ) {
    throw new AssertionError(
      `Expected error message to include ${JSON.stringify(includes)}, but got ${
        JSON.stringify(error.message)
      }${messageEnd(msg)}`,
    );
  }
}

/**
 * Asserts that a function throws.
 *
 * @param fn The function.
 * @param msg What the error's message ends with.
 * @returns What it threw.
 * @throws {AssertionError} If it does not throw.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => new Array(-1));
 * ```
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Asserts that a function throws an error of a class, with a message that
 * includes a text.
 *
 * @typeParam E The type of the error.
 * @param fn The function.
 * @param ErrorClass The class.
 * @param msgIncludes The text.
 * @param msg What the error's message ends with.
 * @returns The error it threw.
 * @throws {AssertionError} If it does not throw, or something else.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => new Array(-1), RangeError, "Invalid array length");
 * ```
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClassOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expectation = toExpectation(ErrorClassOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    check(error, expectation, "thrown");
    return error;
  }
  throw new AssertionError(
    `Expected function to throw${messageEnd(expectation.msg)}`,
  );
}

/**
 * Asserts that a function returns a promise that rejects.
 *
 * @param fn The function.
 * @param msg What the error's message ends with.
 * @returns A promise of what the promise rejected with.
 * @throws {AssertionError} If it does not reject, or the function itself throws.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => Promise.reject(new Error("No adapter")));
 * ```
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Asserts that a function returns a promise that rejects with an error of a
 * class, with a message that includes a text.
 *
 * @typeParam E The type of the error.
 * @param fn The function.
 * @param ErrorClass The class.
 * @param msgIncludes The text.
 * @param msg What the error's message ends with.
 * @returns A promise of the error.
 * @throws {AssertionError} If it does not reject, or with something else, or the
 * function itself throws.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(
 *   () => Promise.reject(new TypeError("No adapter")),
 *   TypeError,
 *   "adapter",
 * );
 * ```
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClassOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expectation = toExpectation(ErrorClassOrMsg, msgIncludes, msg);
  const promise = promiseOf(fn);
  if (!promise) {
    throw new AssertionError(
      `Function throws when expected to reject${messageEnd(expectation.msg)}`,
    );
  }
  try {
    await promise;
  } catch (error) {
    check(error, expectation, "rejected");
    return error;
  }
  throw new AssertionError(
    `Expected function to reject${messageEnd(expectation.msg)}`,
  );
}

/** The promise that a function returns, if it returns one. */
function promiseOf(
  fn: () => PromiseLike<unknown>,
): PromiseLike<unknown> | undefined {
  try {
    const promise = fn();
    return typeof promise?.then === "function" ? promise : undefined;
  } catch {
    return undefined;
  }
}
