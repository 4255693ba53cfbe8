import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAbove, checkFinite } from "../validate.ts";
import type { Surrogate } from "./surrogate.ts";

/** Options of {@linkcode piecewiseLeakyRelu}. */
export interface PiecewiseLeakyReluOptions {
  /**
   * Half the width of the inner part.
   *
   * @default {1}
   */
  w?: number;
  /**
   * The gradient outside.
   *
   * @default {0.01}
   */
  c?: number;
}

/**
 * The piecewise leaky ReLU surrogate: gradient `1 / (2 w)` where |x| < w, else `c`; primitive
 * `x / (2 w) + 1 / 2` inside, `c (x + w)` below, `c (x - w) + 1` above.
 *
 * Source: `PiecewiseLeakyReLU` of SpikingJelly; Wu et al., Frontiers in Neuroscience 2018.
 *
 * @param options Its width and its outer slope.
 * @returns The surrogate.
 * @throws {RangeError} If w isn't a finite number above 0, or c isn't finite.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.piecewiseLeakyRelu().gradient(0.5), 0.5);
 * ```
 */
export function piecewiseLeakyRelu(options: PiecewiseLeakyReluOptions = {}): Surrogate {
  const what = `Cannot create the surrogate "piecewiseLeakyRelu"`;
  const w = checkAbove(what, "w", options.w ?? 1, 0);
  const c = checkFinite(what, "c", options.c ?? 0.01);
  return {
    name: "piecewiseLeakyRelu",
    parameters: { halfWidth: w, outerSlope: c },
    wgsl: surrogate.piecewiseLeakyRelu,
    gradient: (x) => Math.abs(x) < w ? 1 / (2 * w) : c,
    primitive: (x) => {
      const inside = Math.min(Math.max(x, -w), w);
      return inside / (2 * w) + 0.5 + c * (x - inside);
    },
  };
}
