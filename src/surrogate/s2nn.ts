import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAbove } from "../validate.ts";
import type { Surrogate } from "./surrogate.ts";

/** Options of {@linkcode s2nn}. */
export interface S2nnOptions {
  /**
   * The larger, the narrower the gradient below the threshold.
   *
   * @default {4}
   */
  alpha?: number;
  /**
   * The gradient at the threshold and above it is proportional to this.
   *
   * @default {1}
   */
  beta?: number;
}

/**
 * The S2NN surrogate: gradient `alpha s (1 - s)`, `s = 1 / (1 + exp(-alpha x))`, for x < 0, and
 * `beta / (x + 1)` from 0 on; primitive `s` and `beta ln(x + 1 + 1e-5) + 1 / 2`.
 *
 * The gradient leaves out the primitive's 1e-5.
 *
 * Source: `S2NN` of SpikingJelly; Suetake et al., arXiv 2201.10879.
 *
 * @param options Its width and height.
 * @returns The surrogate.
 * @throws {RangeError} If alpha or beta isn't a finite number above 0.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.s2nn().gradient(1), 0.5);
 * ```
 */
export function s2nn(options: S2nnOptions = {}): Surrogate {
  const what = `Cannot create the surrogate "s2nn"`;
  const alpha = checkAbove(what, "alpha", options.alpha ?? 4, 0);
  const beta = checkAbove(what, "beta", options.beta ?? 1, 0);
  return {
    name: "s2nn",
    parameters: { alpha, beta },
    wgsl: surrogate.s2nn,
    gradient: (x) => {
      if (x >= 0) return beta / (x + 1);
      const e = Math.exp(alpha * x);
      return alpha * e / (1 + e) ** 2;
    },
    primitive: (x) => x < 0 ? 1 / (1 + Math.exp(-alpha * x)) : beta * Math.log(x + 1 + 1e-5) + 0.5,
  };
}
