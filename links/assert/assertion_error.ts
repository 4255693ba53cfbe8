/**
 * The error of an assertion that fails.
 *
 * @example
 * ```ts
 * import { assert, assertThrows, AssertionError } from "@std/assert";
 *
 * assertThrows(() => assert(1 > 2), AssertionError);
 * ```
 */
export class AssertionError extends Error {
  /**
   * Makes an assertion error.
   *
   * @param message What does not hold.
   */
  constructor(message: string) {
    super(message);
    this.name = "AssertionError";
  }
}
