import type { Loss } from "../../mod.ts";

/** The loss without what would let a plan run the step as one kernel. */
export function unfused(loss: Loss): Loss {
  const { name } = loss;
  return { name, compile: (compilation, output) => loss.compile(compilation, output) };
}
