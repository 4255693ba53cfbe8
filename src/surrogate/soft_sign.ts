import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAlpha, type Surrogate } from "./surrogate.ts";

/** Options of {@linkcode softSign}. */
export interface SoftSignOptions {
  /**
   * The larger, the narrower the gradient.
   *
   * @default {2}
   */
  alpha?: number;
}

/**
 * The soft sign surrogate: gradient `alpha / (2 (1 + alpha |x|)^2)`, primitive
 * `(1 + alpha x / (1 + alpha |x|)) / 2`.
 *
 * Source: `SoftSign` of SpikingJelly; Neftci et al., IEEE Signal Processing Magazine 2019.
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
 * assertEquals(surrogates.softSign().gradient(0.5), 0.25);
 * ```
 */
export function softSign(options: SoftSignOptions = {}): Surrogate {
  const alpha = checkAlpha("softSign", options.alpha ?? 2);
  return {
    name: "softSign",
    parameters: { alpha },
    wgsl: surrogate.softSign,
    gradient: (x) => alpha / 2 / (1 + Math.abs(alpha * x)) ** 2,
    primitive: (x) => 0.5 + alpha * x / (1 + Math.abs(alpha * x)) / 2,
  };
}
