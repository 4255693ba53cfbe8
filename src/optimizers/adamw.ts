import { AdamBase, type AdamOptions } from "./adam.ts";

/** Options of {@linkcode AdamW}. */
export interface AdamWOptions extends AdamOptions {
  /**
   * The share of each weight that is taken away in a step, times the learning rate.
   *
   * @default {0.01}
   */
  weightDecay?: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as `torch.optim.AdamW`: the decay
 * doesn't pass through the moments.
 *
 * ```text
 * p *= 1 - learningRate weightDecay;  then as Adam without weight decay
 * ```
 *
 * @example
 * ```ts
 * import { AdamW } from "@galvani/snn";
 *
 * const optimizer = new AdamW({ learningRate: 1e-3, weightDecay: 0.05 });
 * ```
 */
export class AdamW extends AdamBase {
  /** Its name in logs. */
  override readonly name = "adamw";

  /**
   * Describes the optimizer.
   *
   * @param options Its constants.
   * @throws {RangeError} If the learning rate or epsilon isn't above 0, a beta isn't in [0, 1), or the
   * weight decay is below 0.
   */
  constructor(options: AdamWOptions = {}) {
    super("AdamW", { weightDecay: 0.01, ...options }, true);
  }
}
