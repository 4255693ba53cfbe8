import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkFinite } from "../validate.ts";
import type { Surrogate } from "./surrogate.ts";

/** Options of {@linkcode logTailedRelu}. */
export interface LogTailedReluOptions {
  /**
   * The gradient up to the threshold.
   *
   * @default {0}
   */
  alpha?: number;
}

/**
 * The log-tailed ReLU surrogate: gradient `alpha` for x <= 0, 1 up to 1, `1 / x` above; primitive
 * `alpha x`, `x`, `ln(x) + 1`.
 *
 * Source: `LogTailedReLU` of SpikingJelly; Cai et al., CVPR 2017.
 *
 * @param options Its slope below the threshold.
 * @returns The surrogate.
 * @throws {RangeError} If alpha isn't finite.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.logTailedRelu().gradient(2), 0.5);
 * ```
 */
export function logTailedRelu(options: LogTailedReluOptions = {}): Surrogate {
  const what = `Cannot create the surrogate "logTailedRelu"`;
  const alpha = checkFinite(what, "alpha", options.alpha ?? 0);
  return {
    name: "logTailedRelu",
    parameters: { alpha },
    wgsl: surrogate.logTailedRelu,
    gradient: (x) => x <= 0 ? alpha : 1 / Math.max(x, 1),
    primitive: (x) => x <= 0 ? alpha * x : Math.min(x, 1) + Math.log(Math.max(x, 1)),
  };
}
