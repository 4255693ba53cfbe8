import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAlpha, type Surrogate } from "./surrogate.ts";

/** Options of {@linkcode erf}. */
export interface ErfOptions {
  /**
   * The larger, the narrower the gradient.
   *
   * @default {2}
   */
  alpha?: number;
}

/**
 * The Gaussian error function as a surrogate: gradient `alpha / sqrt(pi) exp(-(alpha x)^2)`, primitive
 * `erfc(-alpha x) / 2`.
 *
 * Source: `Erf` of SpikingJelly; Esser et al., NeurIPS 2015; Yin et al., ICONS 2020.
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
 * assertEquals(surrogates.erf().gradient(0), 2 / Math.sqrt(Math.PI));
 * ```
 */
export function erf(options: ErfOptions = {}): Surrogate {
  const alpha = checkAlpha("erf", options.alpha ?? 2);
  return {
    name: "erf",
    parameters: { alpha },
    wgsl: surrogate.erf,
    gradient: (x) => alpha / Math.sqrt(Math.PI) * Math.exp(-((alpha * x) ** 2)),
    primitive: (x) => complementaryErrorFunction(-alpha * x) / 2,
  };
}

/** Where the series is left for the continued fraction: both are good there. */
const SERIES_END = 2.5;

/** erfc(z) = 1 - erf(z), to a relative error of 2e-12. */
function complementaryErrorFunction(z: number): number {
  if (z < 0) return 2 - complementaryErrorFunction(-z);
  const density = Math.exp(-z * z) / Math.sqrt(Math.PI);
  if (z < SERIES_END) {
    // erf(z) = 2 density (z + 2 z^3 / 3 + 4 z^5 / (3 5) + ...): no term is negative.
    let sum = 0;
    let term = z;
    for (let n = 1; sum + term !== sum; n++) {
      sum += term;
      term *= 2 * z * z / (2 * n + 1);
    }
    return 1 - 2 * density * sum;
  }
  // erfc(z) = density / (z + (1 / 2) / (z + (2 / 2) / (z + (3 / 2) / (z + ...)))).
  let fraction = z;
  for (let n = 60; n > 0; n--) fraction = z + n / 2 / fraction;
  return density / fraction;
}
