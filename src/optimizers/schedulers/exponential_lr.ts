import { checkAbove } from "../../validate.ts";
import type { Scheduler } from "./scheduler.ts";

/** Options of {@linkcode exponentialLr}. */
export interface ExponentialLrOptions {
  /** The factor from each epoch to the next. */
  gamma: number;
}

/**
 * A learning rate that falls by a factor every epoch: `base gamma^epoch`.
 *
 * Source: `torch.optim.lr_scheduler.ExponentialLR`.
 *
 * @param options How far it falls.
 * @returns The schedule.
 * @throws {RangeError} If gamma isn't above 0.
 *
 * @example
 * ```ts
 * import { schedulers } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const scheduler = schedulers.exponentialLr({ gamma: 0.5 });
 * assertEquals([0, 1, 2].map((epoch) => scheduler.rate(epoch, 1)), [1, 0.5, 0.25]);
 * ```
 */
export function exponentialLr(options: ExponentialLrOptions): Scheduler {
  const gamma = checkAbove(
    'Cannot create the scheduler "exponentialLr"',
    "gamma",
    options.gamma,
    0,
  );
  return { name: "exponentialLr", rate: (epoch, base) => base * gamma ** epoch };
}
