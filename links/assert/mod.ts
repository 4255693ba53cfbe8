/**
 * Assertions with the names, signatures and messages of `@std/assert`.
 *
 * @module
 */
export * from "./assertion_error.ts";
export * from "./comparisons.ts";
export * from "./equality.ts";
export * from "./errors.ts";
export * from "./values.ts";
