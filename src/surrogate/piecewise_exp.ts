import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAlpha, type Surrogate } from "./surrogate.ts";

/** Options of {@linkcode piecewiseExp}. */
export interface PiecewiseExpOptions {
  /**
   * The larger, the narrower the gradient.
   *
   * @default {1}
   */
  alpha?: number;
}

/**
 * The piecewise exponential surrogate: gradient `alpha / 2 exp(-alpha |x|)`, primitive
 * `1 - exp(-alpha x) / 2` for x >= 0 and `exp(alpha x) / 2` below.
 *
 * Source: `PiecewiseExp` of SpikingJelly; Shrestha and Orchard, NeurIPS 2018.
 *
 * @param options Its width.
 * @returns The surrogate.
 * @throws {RangeError} If alpha isn't a finite number above 0.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.piecewiseExp().gradient(0), 0.5);
 * ```
 */
export function piecewiseExp(options: PiecewiseExpOptions = {}): Surrogate {
  const alpha = checkAlpha("piecewiseExp", options.alpha ?? 1);
  return {
    name: "piecewiseExp",
    parameters: { alpha },
    wgsl: surrogate.piecewiseExp,
    gradient: (x) => alpha / 2 * Math.exp(-alpha * Math.abs(x)),
    primitive: (x) => {
      const tail = Math.exp(-alpha * Math.abs(x)) / 2;
      return x >= 0 ? 1 - tail : tail;
    },
  };
}
