import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAlpha, type Surrogate } from "./surrogate.ts";

/** Options of {@linkcode sigmoid}. */
export interface SigmoidOptions {
  /**
   * The larger, the narrower the gradient.
   *
   * @default {4}
   */
  alpha?: number;
}

/**
 * The sigmoid surrogate: gradient `alpha s (1 - s)`, primitive `s = 1 / (1 + exp(-alpha x))`.
 *
 * Source: `Sigmoid` of SpikingJelly.
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
 * assertEquals(surrogates.sigmoid().gradient(0), 1);
 * ```
 */
export function sigmoid(options: SigmoidOptions = {}): Surrogate {
  const alpha = checkAlpha("sigmoid", options.alpha ?? 4);
  return {
    name: "sigmoid",
    parameters: { alpha },
    wgsl: surrogate.sigmoid,
    gradient: (x) => {
      const e = Math.exp(-Math.abs(alpha * x));
      return alpha * e / (1 + e) ** 2;
    },
    primitive: (x) => 1 / (1 + Math.exp(-alpha * x)),
  };
}
