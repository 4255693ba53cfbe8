import { checkCount } from "../../validate.ts";
import { checkAtLeast } from "../checks.ts";
import type { Scheduler } from "./scheduler.ts";

/** Options of {@linkcode cosineAnnealingLr}. */
export interface CosineAnnealingLrOptions {
  /** Epochs until the lowest rate; the rate rises again after them. */
  tMax: number;
  /**
   * The lowest rate.
   *
   * @default {0}
   */
  etaMin?: number;
}

/**
 * A learning rate that falls along half a wave:
 * `etaMin + (base - etaMin) (1 + cos(pi epoch / tMax)) / 2`.
 *
 * Source: `torch.optim.lr_scheduler.CosineAnnealingLR`.
 *
 * @param options How long it falls, and where to.
 * @returns The schedule.
 * @throws {RangeError} If `tMax` isn't an integer of at least 1, or `etaMin` is below 0.
 *
 * @example
 * ```ts
 * import { schedulers } from "@galvani/snn";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const scheduler = schedulers.cosineAnnealingLr({ tMax: 20 });
 * assertAlmostEquals(scheduler.rate(10, 0.1), 0.05);
 * ```
 */
export function cosineAnnealingLr(options: CosineAnnealingLrOptions): Scheduler {
  const what = 'Cannot create the scheduler "cosineAnnealingLr"';
  const tMax = checkCount(what, "tMax", options.tMax);
  const etaMin = checkAtLeast(what, "etaMin", options.etaMin ?? 0, 0);
  return {
    name: "cosineAnnealingLr",
    rate: (epoch, base) => etaMin + (base - etaMin) * (1 + Math.cos(Math.PI * epoch / tMax)) / 2,
  };
}
