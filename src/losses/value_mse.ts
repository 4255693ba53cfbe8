import * as loss from "../../kernels/loss/mod.ts";
import type { Loss } from "../core/loss.ts";
import { checkFinite } from "../validate.ts";
import { sampleLoss } from "./sample_loss.ts";

/** Options of {@linkcode valueMse}. */
export interface ValueMseOptions {
  /**
   * The value that the label's class should have.
   *
   * @default {1}
   */
  correct?: number;
  /**
   * The value that the other classes should have.
   *
   * @default {0}
   */
  wrong?: number;
}

/**
 * Mean squared error between each class's value and its target, for networks that end in numbers. Numbers
 * over time, such as the potentials of a `LiNode`, are read out first, as the model's `readout` says.
 *
 * ```text
 * loss = mean over batch and classes of (value - target)^2
 * target = correct for the label's class, wrong for the others
 * ```
 *
 * Source: with the defaults, `F.mse_loss(values, one_hot)` of PyTorch.
 *
 * @param options The targets.
 * @returns The loss.
 * @throws {RangeError} If a target isn't finite.
 *
 * @example
 * ```ts
 * import { valueMse } from "@galvani/snn";
 *
 * const loss = valueMse({ correct: 1, wrong: 0 });
 * ```
 */
export function valueMse(options: ValueMseOptions = {}): Loss {
  const name = "valueMse";
  const what = `Cannot create the loss ${name}`;
  const correct = checkFinite(what, "correct", options.correct ?? 1);
  const wrong = checkFinite(what, "wrong", options.wrong ?? 0);
  return sampleLoss({
    name,
    reads: "values",
    wgsl: loss.valueMse,
    values: ({ batchSize, classes }) => ({
      correct,
      wrong,
      lossScale: 1 / classes,
      gradientScale: 2 / (batchSize * classes),
    }),
  });
}
