import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAlpha, type Surrogate } from "./surrogate.ts";

/** Options of {@linkcode rect}. */
export interface RectOptions {
  /**
   * The larger, the narrower the gradient.
   *
   * @default {1}
   */
  alpha?: number;
}

/**
 * The rectangular surrogate: gradient `alpha` where |x| < `1 / (2 alpha)`, else 0; primitive
 * `alpha x + 1 / 2` limited to 0 and 1.
 *
 * Source: `Rect` of SpikingJelly; Wu et al., Frontiers in Neuroscience 2018.
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
 * assertEquals(surrogates.rect().gradient(0.25), 1);
 * ```
 */
export function rect(options: RectOptions = {}): Surrogate {
  const alpha = checkAlpha("rect", options.alpha ?? 1);
  return {
    name: "rect",
    parameters: { alpha },
    wgsl: surrogate.rect,
    gradient: (x) => Math.abs(x) < 0.5 / alpha ? alpha : 0,
    primitive: (x) => Math.min(Math.max(alpha * x + 0.5, 0), 1),
  };
}
