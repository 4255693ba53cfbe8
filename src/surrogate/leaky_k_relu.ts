import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkFinite } from "../validate.ts";
import type { Surrogate } from "./surrogate.ts";

/** Options of {@linkcode leakyKRelu}. */
export interface LeakyKReluOptions {
  /**
   * The gradient below the threshold.
   *
   * @default {0}
   */
  leak?: number;
  /**
   * The gradient at the threshold and above it.
   *
   * @default {1}
   */
  k?: number;
}

/**
 * The leaky ReLU surrogate with a slope of k: gradient `k` for x >= 0 and `leak` below, primitive
 * `k x` and `leak x`.
 *
 * Source: `LeakyKReLU` of SpikingJelly.
 *
 * @param options Its slopes.
 * @returns The surrogate.
 * @throws {RangeError} If a slope isn't finite.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.leakyKRelu({ leak: 0.1 }).gradient(-1), 0.1);
 * ```
 */
export function leakyKRelu(options: LeakyKReluOptions = {}): Surrogate {
  const what = `Cannot create the surrogate "leakyKRelu"`;
  const leak = checkFinite(what, "leak", options.leak ?? 0);
  const k = checkFinite(what, "k", options.k ?? 1);
  return {
    name: "leakyKRelu",
    parameters: { leak, slope: k },
    wgsl: surrogate.leakyKRelu,
    gradient: (x) => x >= 0 ? k : leak,
    primitive: (x) => (x >= 0 ? k : leak) * x,
  };
}
