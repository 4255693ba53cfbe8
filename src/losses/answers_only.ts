import * as loss from "../../kernels/loss/mod.ts";
import type { Loss } from "../core/loss.ts";
import { compileCountLoss, compileValueLoss } from "./batch_loss.ts";

/**
 * No loss: answers and scores only, for programs that don't learn. It reads spikes or numbers.
 *
 * @returns The loss, always 0.
 */
export function answersOnly(): Loss {
  const name = "answers";
  const none = { name, texts: [loss.none], values: {} };
  return {
    name,
    compile: (scope, output) =>
      output.kind === "numbers"
        ? compileValueLoss(scope, output, none)
        : compileCountLoss(scope, output, none),
  };
}
