/**
 * Neurons: how each kind charges, the reset, and the pair of kernels over T that runs them all.
 *
 * @module
 */
export { default as alif } from "./alif.wgsl" with { type: "text" };
export { default as backward } from "./backward.wgsl" with { type: "text" };
export { default as charged } from "./charged.wgsl" with { type: "text" };
export { default as cuba } from "./cuba.wgsl" with { type: "text" };
export { default as eif } from "./eif.wgsl" with { type: "text" };
export { default as forward } from "./forward.wgsl" with { type: "text" };
export { default as if } from "./if.wgsl" with { type: "text" };
export { default as izhikevich } from "./izhikevich.wgsl" with { type: "text" };
export { default as klif } from "./klif.wgsl" with { type: "text" };
export { default as learnedGradient } from "./learned_gradient.wgsl" with { type: "text" };
export { default as lif } from "./lif.wgsl" with { type: "text" };
export { default as qif } from "./qif.wgsl" with { type: "text" };
export { default as reset } from "./reset.wgsl" with { type: "text" };
export { default as synapseFilter } from "./synapse_filter.wgsl" with { type: "text" };
export { default as windowBackward } from "./window_backward.wgsl" with { type: "text" };
export { default as windowForward } from "./window_forward.wgsl" with { type: "text" };
