import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAlpha, type Surrogate } from "./surrogate.ts";

/** Options of {@linkcode atan}. */
export interface AtanOptions {
  /**
   * The larger, the narrower the gradient.
   *
   * @default {2}
   */
  alpha?: number;
}

/**
 * The arctangent surrogate: gradient `alpha / 2 / (1 + (pi / 2 alpha x)^2)`, primitive
 * `atan(pi / 2 alpha x) / pi + 1 / 2`.
 *
 * Source: `ATan` of SpikingJelly; Fang et al., ICCV 2021.
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
 * assertEquals(surrogates.atan().gradient(0), 1);
 * ```
 */
export function atan(options: AtanOptions = {}): Surrogate {
  const alpha = checkAlpha("atan", options.alpha ?? 2);
  const scale = Math.PI / 2 * alpha;
  return {
    name: "atan",
    parameters: { alpha },
    wgsl: surrogate.atan,
    gradient: (x) => alpha / 2 / (1 + (scale * x) ** 2),
    primitive: (x) => Math.atan(scale * x) / Math.PI + 0.5,
  };
}
