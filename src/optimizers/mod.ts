/**
 * Optimizers, and schedules of their learning rate.
 *
 * @module
 */

import { Adam } from "./adam.ts";
import { AdamW } from "./adamw.ts";
import { Sgd } from "./sgd.ts";

export { Adam, AdamBase, type AdamOptions } from "./adam.ts";
export { AdamW, type AdamWOptions } from "./adamw.ts";
export { Sgd, type SgdOptions } from "./sgd.ts";
export * from "./schedulers/mod.ts";

/** The optimizers by the names that they have in logs. */
export interface Optimizers {
  /** Adam. */
  readonly adam: typeof Adam;
  /** Adam with decoupled weight decay. */
  readonly adamw: typeof AdamW;
  /** Stochastic gradient descent. */
  readonly sgd: typeof Sgd;
}

/**
 * The optimizers by name, for programs that let their users choose.
 *
 * @example
 * ```ts
 * import { optimizers } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const optimizer = new optimizers["sgd"]({ learningRate: 0.1 });
 * assertEquals(optimizer.name, "sgd");
 * ```
 */
export const optimizers: Optimizers = { adam: Adam, adamw: AdamW, sgd: Sgd };
