import { inspect } from "node:util";

/** The end of an assertion's message: the caller's own message, or a period. */
export function messageEnd(msg: string | undefined): string {
  return msg ? `: ${msg}` : ".";
}

/** A value as the assertions' messages show it. */
export function show(value: unknown): string {
  return inspect(value, { depth: 10, sorted: true });
}
