import { checkCount } from "../../validate.ts";
import { checkStartFactor } from "../checks.ts";
import type { Scheduler } from "./scheduler.ts";

/** Options of {@linkcode linearLr}. */
export interface LinearLrOptions {
  /**
   * The factor in epoch 0, above 0 and at most 1.
   *
   * @default {1 / 3}
   */
  startFactor?: number;
  /**
   * The factor at the end, 0 to 1.
   *
   * @default {1}
   */
  endFactor?: number;
  /**
   * Epochs from one to the other; the factor stays after them.
   *
   * @default {5}
   */
  totalIters?: number;
}

/**
 * A learning rate that changes by the same amount every epoch, as a warm-up does:
 * `base (startFactor + (endFactor - startFactor) min(epoch, totalIters) / totalIters)`.
 *
 * Source: `torch.optim.lr_scheduler.LinearLR`. {@linkcode warmUp} puts one before another schedule.
 *
 * @param options Where it starts and ends.
 * @returns The schedule.
 * @throws {RangeError} If a factor isn't in its range, or `totalIters` isn't an integer of at least 1.
 *
 * @example
 * ```ts
 * import { schedulers } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const scheduler = schedulers.linearLr({ startFactor: 0.5, totalIters: 2 });
 * assertEquals([0, 1, 2, 3].map((epoch) => scheduler.rate(epoch, 1)), [0.5, 0.75, 1, 1]);
 * ```
 */
export function linearLr(options: LinearLrOptions = {}): Scheduler {
  const what = 'Cannot create the scheduler "linearLr"';
  const startFactor = checkStartFactor(what, options.startFactor ?? 1 / 3);
  const endFactor = options.endFactor ?? 1;
  if (!(endFactor >= 0 && endFactor <= 1)) {
    throw new RangeError(`${what} as endFactor must be from 0 to 1: current value is ${endFactor}`);
  }
  const totalIters = checkCount(what, "totalIters", options.totalIters ?? 5);
  return {
    name: "linearLr",
    rate: (epoch, base) =>
      base *
      (startFactor + (endFactor - startFactor) * Math.min(epoch, totalIters) / totalIters),
  };
}
