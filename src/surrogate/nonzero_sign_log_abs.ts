import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAlpha, type Surrogate } from "./surrogate.ts";

/** Options of {@linkcode nonzeroSignLogAbs}. */
export interface NonzeroSignLogAbsOptions {
  /**
   * The gradient at the threshold; the larger, the narrower its peak.
   *
   * @default {1}
   */
  alpha?: number;
}

/**
 * The nonzero-sign log-abs surrogate: gradient `1 / (1 / alpha + |x|)`, primitive
 * `sign(x) ln(alpha |x| + 1)`.
 *
 * Source: `NonzeroSignLogAbs` of SpikingJelly.
 *
 * @param options Its height.
 * @returns The surrogate.
 * @throws {RangeError} If alpha isn't a finite number above 0.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.nonzeroSignLogAbs().gradient(1), 0.5);
 * ```
 */
export function nonzeroSignLogAbs(options: NonzeroSignLogAbsOptions = {}): Surrogate {
  const alpha = checkAlpha("nonzeroSignLogAbs", options.alpha ?? 1);
  return {
    name: "nonzeroSignLogAbs",
    parameters: { alpha },
    wgsl: surrogate.nonzeroSignLogAbs,
    gradient: (x) => alpha / (1 + alpha * Math.abs(x)),
    primitive: (x) => Math.sign(x) * Math.log1p(alpha * Math.abs(x)),
  };
}
