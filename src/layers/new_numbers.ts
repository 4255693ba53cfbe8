import { denseBytes } from "../core/dense.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { NumberSignal } from "../core/signal.ts";

/**
 * Numbers in a buffer of their own, zeros at first.
 *
 * @param scope Whose program they belong to.
 * @param shape What a sample has.
 * @param over Whether they differ from step to step.
 * @param label The buffer's name in messages and summaries.
 * @returns The signal.
 */
export function newNumbers(
  scope: Scope,
  shape: Shape,
  over: NumberSignal["over"],
  label: string,
): NumberSignal {
  const numbers = scope.batchSize * sizeOf(shape);
  const bytes = over === "time" ? denseBytes(scope.timeSteps, numbers) : numbers * 4;
  return { kind: "numbers", shape, over, values: scope.buffer(bytes, label) };
}
