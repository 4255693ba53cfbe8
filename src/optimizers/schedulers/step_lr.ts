import { checkAbove, checkCount } from "../../validate.ts";
import type { Scheduler } from "./scheduler.ts";

/** Options of {@linkcode stepLr}. */
export interface StepLrOptions {
  /** Epochs from one fall to the next. */
  stepSize: number;
  /**
   * The factor of each fall.
   *
   * @default {0.1}
   */
  gamma?: number;
}

/**
 * A learning rate that falls by a factor every few epochs: `base gamma^floor(epoch / stepSize)`.
 *
 * Source: `torch.optim.lr_scheduler.StepLR`.
 *
 * @param options How often and how far it falls.
 * @returns The schedule.
 * @throws {RangeError} If `stepSize` isn't an integer of at least 1, or gamma isn't above 0.
 *
 * @example
 * ```ts
 * import { schedulers } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const scheduler = schedulers.stepLr({ stepSize: 2, gamma: 0.5 });
 * assertEquals([0, 1, 2, 3, 4].map((epoch) => scheduler.rate(epoch, 1)), [1, 1, 0.5, 0.5, 0.25]);
 * ```
 */
export function stepLr(options: StepLrOptions): Scheduler {
  const what = 'Cannot create the scheduler "stepLr"';
  const stepSize = checkCount(what, "stepSize", options.stepSize);
  const gamma = checkAbove(what, "gamma", options.gamma ?? 0.1, 0);
  return {
    name: "stepLr",
    rate: (epoch, base) => base * gamma ** Math.floor(epoch / stepSize),
  };
}
