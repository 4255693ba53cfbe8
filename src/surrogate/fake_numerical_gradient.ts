import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAlpha, type Surrogate } from "./surrogate.ts";

/** Options of {@linkcode fakeNumericalGradient}. */
export interface FakeNumericalGradientOptions {
  /**
   * The largest value of the gradient.
   *
   * @default {0.3}
   */
  alpha?: number;
}

/**
 * The fake numerical gradient, the slope from the threshold to the spike: gradient
 * `min(1 / |x|, alpha)`, no primitive.
 *
 * Source: `FakeNumericalGradient` of SpikingJelly.
 *
 * @param options Its limit.
 * @returns The surrogate.
 * @throws {RangeError} If alpha isn't a finite number above 0.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.fakeNumericalGradient().gradient(10), 0.1);
 * ```
 */
export function fakeNumericalGradient(options: FakeNumericalGradientOptions = {}): Surrogate {
  const alpha = checkAlpha("fakeNumericalGradient", options.alpha ?? 0.3);
  return {
    name: "fakeNumericalGradient",
    parameters: { alpha },
    wgsl: surrogate.fakeNumericalGradient,
    gradient: (x) => Math.min(1 / Math.abs(x), alpha),
  };
}
