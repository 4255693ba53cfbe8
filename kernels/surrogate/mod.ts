/**
 * Surrogate gradients.
 *
 * @module
 */
export { default as atan } from "./atan.wgsl" with { type: "text" };
export { default as deterministicPass } from "./deterministic_pass.wgsl" with { type: "text" };
export { default as erf } from "./erf.wgsl" with { type: "text" };
export { default as fakeNumericalGradient } from "./fake_numerical_gradient.wgsl" with { type: "text" };
export { default as leakyKRelu } from "./leaky_k_relu.wgsl" with { type: "text" };
export { default as logTailedRelu } from "./log_tailed_relu.wgsl" with { type: "text" };
export { default as nonzeroSignLogAbs } from "./nonzero_sign_log_abs.wgsl" with { type: "text" };
export { default as piecewiseExp } from "./piecewise_exp.wgsl" with { type: "text" };
export { default as piecewiseLeakyRelu } from "./piecewise_leaky_relu.wgsl" with { type: "text" };
export { default as piecewiseQuadratic } from "./piecewise_quadratic.wgsl" with { type: "text" };
export { default as qPseudoSpike } from "./q_pseudo_spike.wgsl" with { type: "text" };
export { default as rect } from "./rect.wgsl" with { type: "text" };
export { default as s2nn } from "./s2nn.wgsl" with { type: "text" };
export { default as sigmoid } from "./sigmoid.wgsl" with { type: "text" };
export { default as softSign } from "./soft_sign.wgsl" with { type: "text" };
export { default as squarewaveFourierSeries } from "./squarewave_fourier_series.wgsl" with { type: "text" };
export { default as superSpike } from "./super_spike.wgsl" with { type: "text" };
