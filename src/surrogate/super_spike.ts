import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAlpha, type Surrogate } from "./surrogate.ts";

/** Options of {@linkcode superSpike}. */
export interface SuperSpikeOptions {
  /**
   * The gradient at the threshold.
   *
   * @default {1}
   */
  alpha?: number;
}

/**
 * The SuperSpike surrogate: gradient `alpha / (1 + |x|)^2`, no primitive.
 *
 * Source: `SuperSpike` of SpikingJelly; Zenke and Ganguli, Neural Computation 2018.
 *
 * @param options Its height.
 * @returns The surrogate.
 * @throws {RangeError} If alpha isn't a finite number above 0.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.superSpike().gradient(1), 0.25);
 * ```
 */
export function superSpike(options: SuperSpikeOptions = {}): Surrogate {
  const alpha = checkAlpha("superSpike", options.alpha ?? 1);
  return {
    name: "superSpike",
    parameters: { alpha },
    wgsl: surrogate.superSpike,
    gradient: (x) => alpha / (1 + Math.abs(x)) ** 2,
  };
}
