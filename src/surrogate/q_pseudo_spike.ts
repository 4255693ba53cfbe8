import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAbove } from "../validate.ts";
import type { Surrogate } from "./surrogate.ts";

/** Options of {@linkcode qPseudoSpike}. */
export interface QPseudoSpikeOptions {
  /**
   * The larger, the thinner the gradient's tails.
   *
   * @default {2}
   */
  alpha?: number;
}

/**
 * The q-PseudoSpike surrogate: gradient `(1 + 2 |x| / (alpha - 1))^-alpha`, primitive `1 - tail` for
 * x >= 0 and `tail` below, `tail = (1 + 2 |x| / (alpha - 1))^(1 - alpha) / 2`.
 *
 * Source: `QPseudoSpike` of SpikingJelly; Herranz-Celotti and Rouat, arXiv 2202.00282.
 *
 * @param options Its tails.
 * @returns The surrogate.
 * @throws {RangeError} If alpha isn't a finite number greater than 1.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.qPseudoSpike().gradient(0.5), 0.25);
 * ```
 */
export function qPseudoSpike(options: QPseudoSpikeOptions = {}): Surrogate {
  const what = `Cannot create the surrogate "qPseudoSpike"`;
  const alpha = checkAbove(what, "alpha", options.alpha ?? 2, 1);
  const base = (x: number) => 1 + 2 * Math.abs(x) / (alpha - 1);
  return {
    name: "qPseudoSpike",
    parameters: { alpha },
    wgsl: surrogate.qPseudoSpike,
    gradient: (x) => base(x) ** -alpha,
    primitive: (x) => {
      const tail = base(x) ** (1 - alpha) / 2;
      return x >= 0 ? 1 - tail : tail;
    },
  };
}
