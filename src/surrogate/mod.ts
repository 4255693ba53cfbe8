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

/** What makes each surrogate. */
export interface Surrogates {
  /** {@linkcode atan} */
  readonly atan: typeof atan;
  /** {@linkcode deterministicPass} */
  readonly deterministicPass: typeof deterministicPass;
  /** {@linkcode erf} */
  readonly erf: typeof erf;
  /** {@linkcode fakeNumericalGradient} */
  readonly fakeNumericalGradient: typeof fakeNumericalGradient;
  /** {@linkcode leakyKRelu} */
  readonly leakyKRelu: typeof leakyKRelu;
  /** {@linkcode logTailedRelu} */
  readonly logTailedRelu: typeof logTailedRelu;
  /** {@linkcode nonzeroSignLogAbs} */
  readonly nonzeroSignLogAbs: typeof nonzeroSignLogAbs;
  /** {@linkcode piecewiseExp} */
  readonly piecewiseExp: typeof piecewiseExp;
  /** {@linkcode piecewiseLeakyRelu} */
  readonly piecewiseLeakyRelu: typeof piecewiseLeakyRelu;
  /** {@linkcode piecewiseQuadratic} */
  readonly piecewiseQuadratic: typeof piecewiseQuadratic;
  /** {@linkcode qPseudoSpike} */
  readonly qPseudoSpike: typeof qPseudoSpike;
  /** {@linkcode rect} */
  readonly rect: typeof rect;
  /** {@linkcode s2nn} */
  readonly s2nn: typeof s2nn;
  /** {@linkcode sigmoid} */
  readonly sigmoid: typeof sigmoid;
  /** {@linkcode softSign} */
  readonly softSign: typeof softSign;
  /** {@linkcode squarewaveFourierSeries} */
  readonly squarewaveFourierSeries: typeof squarewaveFourierSeries;
  /** {@linkcode superSpike} */
  readonly superSpike: typeof superSpike;
}

/**
 * The surrogates by name.
 *
 * @example
 * ```ts
 * import { LifNode, surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.softSign({ alpha: 4 }).gradient(0), 2);
 * const neurons = new LifNode({ surrogate: surrogates.atan({ alpha: 3 }) });
 * ```
 */
export const surrogates: Surrogates = {
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

/**
 * Makes a surrogate by its name, for programs that let their users choose.
 *
 * @param name One of the names of {@linkcode surrogates}.
 * @param options Those that its kind has; it doesn't look at any others.
 * @returns The surrogate.
 * @throws {RangeError} If there is no such surrogate, or an option is out of range.
 */
export function makeSurrogate(
  name: string,
  options: Readonly<Record<string, number>> = {},
): Surrogate {
  if (Object.hasOwn(surrogates, name)) {
    const make: (options: Readonly<Record<string, number>>) => Surrogate =
      surrogates[name as keyof Surrogates];
    return make(options);
  }
  throw new RangeError(
    `Cannot make the surrogate "${name}" as there are ${Object.keys(surrogates).join(", ")}`,
  );
}
