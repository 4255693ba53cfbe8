import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAlpha, type Surrogate } from "./surrogate.ts";

/** Options of {@linkcode piecewiseQuadratic}. */
export interface PiecewiseQuadraticOptions {
  /**
   * The larger, the narrower the gradient.
   *
   * @default {1}
   */
  alpha?: number;
}

/**
 * The piecewise quadratic surrogate, a triangle: gradient `max(0, alpha - alpha^2 |x|)`, primitive
 * `1 / 2 + z - z |z| / 2`, z being `alpha x` limited to -1 and 1.
 *
 * Source: `PiecewiseQuadratic` of SpikingJelly; Esser et al., PNAS 2016; Bellec et al., NeurIPS 2018.
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
 * assertEquals(surrogates.piecewiseQuadratic().gradient(0.25), 0.75);
 * ```
 */
export function piecewiseQuadratic(options: PiecewiseQuadraticOptions = {}): Surrogate {
  const alpha = checkAlpha("piecewiseQuadratic", options.alpha ?? 1);
  return {
    name: "piecewiseQuadratic",
    parameters: { alpha },
    wgsl: surrogate.piecewiseQuadratic,
    gradient: (x) => alpha * Math.max(0, 1 - Math.abs(alpha * x)),
    primitive: (x) => {
      const z = Math.min(Math.max(alpha * x, -1), 1);
      return 0.5 + z - z * Math.abs(z) / 2;
    },
  };
}
