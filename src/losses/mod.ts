/**
 * Losses: what a network is trained to make small.
 *
 * @module
 */

import { countCrossEntropy } from "./count_cross_entropy.ts";
import { crossEntropy } from "./cross_entropy.ts";
import type { Loss } from "../core/loss.ts";
import { potentialMse } from "./potential_mse.ts";
import { rateCrossEntropy } from "./rate_cross_entropy.ts";
import { rateMse } from "./rate_mse.ts";
import { temporalCrossEntropy } from "./temporal_cross_entropy.ts";
import { valueMse } from "./value_mse.ts";

export { countCrossEntropy } from "./count_cross_entropy.ts";
export { crossEntropy } from "./cross_entropy.ts";
export { potentialMse, type PotentialMseOptions } from "./potential_mse.ts";
export { rateCrossEntropy } from "./rate_cross_entropy.ts";
export { rateMse, type RateMseOptions } from "./rate_mse.ts";
export { temporalCrossEntropy } from "./temporal_cross_entropy.ts";
export { valueMse, type ValueMseOptions } from "./value_mse.ts";

/** Makes a loss from the options that its kind has; it doesn't look at any others. */
export type LossFactory = (options?: Readonly<Record<string, number>>) => Loss;

/**
 * The losses by name, for programs that let their users choose.
 *
 * @example
 * ```ts
 * import { losses } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const name = "rateCrossEntropy";
 * if (!Object.hasOwn(losses, name)) throw new TypeError(`Unknown loss "${name}"`);
 * assertEquals(losses[name]!().name, name);
 * ```
 */
export const losses: Readonly<Record<string, LossFactory>> = {
  countCrossEntropy,
  crossEntropy,
  potentialMse,
  rateCrossEntropy,
  rateMse,
  temporalCrossEntropy,
  valueMse,
};
