/**
 * Schedules of the learning rate, usable with any optimizer.
 *
 * @module
 */

import { constantRate } from "./constant_rate.ts";
import { cosineAnnealingLr } from "./cosine_annealing_lr.ts";
import { exponentialLr } from "./exponential_lr.ts";
import { linearLr } from "./linear_lr.ts";
import { stepLr } from "./step_lr.ts";
import { warmUp } from "./warm_up.ts";

export { constantRate } from "./constant_rate.ts";
export { cosineAnnealingLr, type CosineAnnealingLrOptions } from "./cosine_annealing_lr.ts";
export { exponentialLr, type ExponentialLrOptions } from "./exponential_lr.ts";
export { linearLr, type LinearLrOptions } from "./linear_lr.ts";
export type { Scheduler } from "./scheduler.ts";
export { stepLr, type StepLrOptions } from "./step_lr.ts";
export { warmUp, type WarmUpOptions } from "./warm_up.ts";

/** The schedules by the names that they have in logs. */
export interface Schedulers {
  /** The optimizer's own rate. */
  readonly constantRate: typeof constantRate;
  /** A fall along half a wave. */
  readonly cosineAnnealingLr: typeof cosineAnnealingLr;
  /** A fall by a factor every epoch. */
  readonly exponentialLr: typeof exponentialLr;
  /** A change by the same amount every epoch. */
  readonly linearLr: typeof linearLr;
  /** A fall by a factor every few epochs. */
  readonly stepLr: typeof stepLr;
  /** A rise in the first epochs, before any of the others. */
  readonly warmUp: typeof warmUp;
}

/**
 * The schedules by name. {@linkcode warmUp} goes before any of the others.
 *
 * @example
 * ```ts
 * import { schedulers } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const scheduler = schedulers.exponentialLr({ gamma: 0.5 });
 * assertEquals(scheduler.rate(1, 0.1), 0.05);
 * ```
 */
export const schedulers: Schedulers = {
  constantRate,
  cosineAnnealingLr,
  exponentialLr,
  linearLr,
  stepLr,
  warmUp,
};
