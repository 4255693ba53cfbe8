/**
 * Surrogate gradients: what stands for the derivative of a spike, which is 0 nearly everywhere.
 *
 * @module
 */

import { atan } from "./atan.ts";
import { deterministicPass } from "./deterministic_pass.ts";
import { erf } from "./erf.ts";
import { fakeNumericalGradient } from "./fake_numerical_gradient.ts";
import { leakyKRelu } from "./leaky_k_relu.ts";
import { logTailedRelu } from "./log_tailed_relu.ts";
import { nonzeroSignLogAbs } from "./nonzero_sign_log_abs.ts";
import { piecewiseExp } from "./piecewise_exp.ts";
import { piecewiseLeakyRelu } from "./piecewise_leaky_relu.ts";
import { piecewiseQuadratic } from "./piecewise_quadratic.ts";
import { qPseudoSpike } from "./q_pseudo_spike.ts";
import { rect } from "./rect.ts";
import { s2nn } from "./s2nn.ts";
import { sigmoid } from "./sigmoid.ts";
import { softSign } from "./soft_sign.ts";
import { squarewaveFourierSeries } from "./squarewave_fourier_series.ts";
import { superSpike } from "./super_spike.ts";
import type { Surrogate } from "./surrogate.ts";

export { atan, type AtanOptions } from "./atan.ts";
export { deterministicPass } from "./deterministic_pass.ts";
export { erf, type ErfOptions } from "./erf.ts";
export {
  fakeNumericalGradient,
  type FakeNumericalGradientOptions,
} from "./fake_numerical_gradient.ts";
export { leakyKRelu, type LeakyKReluOptions } from "./leaky_k_relu.ts";
export { logTailedRelu, type LogTailedReluOptions } from "./log_tailed_relu.ts";
export { nonzeroSignLogAbs, type NonzeroSignLogAbsOptions } from "./nonzero_sign_log_abs.ts";
export { piecewiseExp, type PiecewiseExpOptions } from "./piecewise_exp.ts";
export { piecewiseLeakyRelu, type PiecewiseLeakyReluOptions } from "./piecewise_leaky_relu.ts";
export { piecewiseQuadratic, type PiecewiseQuadraticOptions } from "./piecewise_quadratic.ts";
export { qPseudoSpike, type QPseudoSpikeOptions } from "./q_pseudo_spike.ts";
export { rect, type RectOptions } from "./rect.ts";
export { s2nn, type S2nnOptions } from "./s2nn.ts";
export { sigmoid, type SigmoidOptions } from "./sigmoid.ts";
export { softSign, type SoftSignOptions } from "./soft_sign.ts";
export {
  squarewaveFourierSeries,
  type SquarewaveFourierSeriesOptions,
} from "./squarewave_fourier_series.ts";
export { superSpike, type SuperSpikeOptions } from "./super_spike.ts";
export type { Surrogate } from "./surrogate.ts";

/** Makes a surrogate from the options that its kind has; it doesn't look at any others. */
export type SurrogateFactory = (options?: Readonly<Record<string, number>>) => Surrogate;

/**
 * The surrogates by name, for programs that let their users choose.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const name = "softSign";
 * if (!Object.hasOwn(surrogates, name)) throw new TypeError(`Unknown surrogate "${name}"`);
 * assertEquals(surrogates[name]!({ alpha: 4 }).gradient(0), 2);
 * ```
 */
export const surrogates: Readonly<Record<string, SurrogateFactory>> = {
  atan,
  deterministicPass,
  erf,
  fakeNumericalGradient,
  leakyKRelu,
  logTailedRelu,
  nonzeroSignLogAbs,
  piecewiseExp,
  piecewiseLeakyRelu,
  piecewiseQuadratic,
  qPseudoSpike,
  rect,
  s2nn,
  sigmoid,
  softSign,
  squarewaveFourierSeries,
  superSpike,
};
