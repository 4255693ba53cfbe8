import * as surrogate from "../../kernels/surrogate/mod.ts";
import { checkAbove } from "../validate.ts";
import type { Surrogate } from "./surrogate.ts";

/** Options of {@linkcode squarewaveFourierSeries}. */
export interface SquarewaveFourierSeriesOptions {
  /**
   * One more than the series has terms: an integer of at least 2.
   *
   * @default {2}
   */
  n?: number;
  /**
   * The square wave's period.
   *
   * @default {8}
   */
  tPeriod?: number;
}

/**
 * The first terms of a square wave's Fourier series as a surrogate: gradient
 * `4 / tPeriod sum(cos((2 i - 1) w x))`, primitive `1 / 2 + 2 / pi sum(sin((2 i - 1) w x) / (2 i - 1))`,
 * both for i = 1 ... n - 1, with `w = 2 pi / tPeriod`.
 *
 * It is periodic: its gradient is negative in places, and doesn't fade away from the threshold.
 *
 * Source: `SquarewaveFourierSeries` of SpikingJelly.
 *
 * @param options Its terms and its period.
 * @returns The surrogate.
 * @throws {RangeError} If n isn't an integer of at least 2, or tPeriod isn't a finite number above 0.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.squarewaveFourierSeries({ n: 3 }).gradient(0), 1);
 * ```
 */
export function squarewaveFourierSeries(options: SquarewaveFourierSeriesOptions = {}): Surrogate {
  const what = `Cannot create the surrogate "squarewaveFourierSeries"`;
  const tPeriod = checkAbove(what, "tPeriod", options.tPeriod ?? 8, 0);
  const n = options.n ?? 2;
  if (!Number.isSafeInteger(n) || n < 2) {
    throw new RangeError(`${what} as n must be an integer of at least 2: current value is ${n}`);
  }
  const harmonics = Array.from({ length: n - 1 }, (_, i) => 2 * i + 1);
  const sum = (term: (harmonic: number) => number) =>
    harmonics.reduce((total, harmonic) => total + term(harmonic), 0);
  const w = 2 * Math.PI / tPeriod;
  return {
    name: "squarewaveFourierSeries",
    parameters: { terms: n - 1, period: tPeriod },
    wgsl: surrogate.squarewaveFourierSeries,
    gradient: (x) => 4 / tPeriod * sum((harmonic) => Math.cos(harmonic * w * x)),
    primitive: (x) => 0.5 + 2 / Math.PI * sum((harmonic) => Math.sin(harmonic * w * x) / harmonic),
  };
}
