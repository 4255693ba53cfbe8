import { checkCount } from "../../validate.ts";
import { checkStartFactor } from "../checks.ts";
import { constantRate } from "./constant_rate.ts";
import { linearLr } from "./linear_lr.ts";
import type { Scheduler } from "./scheduler.ts";

/** Options of {@linkcode warmUp}. */
export interface WarmUpOptions {
  /**
   * The factor in epoch 0, above 0 and at most 1.
   *
   * @default {1 / 3}
   */
  startFactor?: number;
}

/**
 * A learning rate that rises to the optimizer's own over the first epochs, then follows another
 * schedule: `base (startFactor + (1 - startFactor) epoch / epochs)`, then
 * `next.rate(epoch - epochs, base)`.
 *
 * The other schedule counts from its own start, not from the start of the training, as with
 * `torch.optim.lr_scheduler.SequentialLR`: to end with the training, `cosineAnnealingLr` takes the
 * epochs that are left after the warm-up.
 *
 * @param epochs How many epochs the rate rises.
 * @param next What follows; by default the optimizer's own rate.
 * @param options Where it starts.
 * @returns The schedule.
 * @throws {RangeError} If `epochs` isn't an integer of at least 1, or `startFactor` isn't in its range.
 *
 * @example
 * ```ts
 * import { schedulers } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const scheduler = schedulers.warmUp(2, schedulers.cosineAnnealingLr({ tMax: 18 }), { startFactor: 0.5 });
 * assertEquals([0, 1, 2, 20].map((epoch) => scheduler.rate(epoch, 1)), [0.5, 0.75, 1, 0]);
 * ```
 */
export function warmUp(
  epochs: number,
  next: Scheduler = constantRate(),
  options: WarmUpOptions = {},
): Scheduler {
  const what = 'Cannot create the scheduler "warmUp"';
  const totalIters = checkCount(what, "epochs", epochs);
  const startFactor = checkStartFactor(what, options.startFactor ?? 1 / 3);
  const rise = linearLr({ startFactor, totalIters });
  return {
    name: `warmUp, ${next.name}`,
    rate: (epoch, base) =>
      epoch < epochs ? rise.rate(epoch, base) : next.rate(epoch - epochs, base),
  };
}
