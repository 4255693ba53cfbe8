import type { Loss } from "../../src/extend.ts";

/** The loss without what would let a program run the step as one kernel. */
export function unfused(loss: Loss): Loss {
  const { name } = loss;
  return { name, compile: (scope, output) => loss.compile(scope, output) };
}
