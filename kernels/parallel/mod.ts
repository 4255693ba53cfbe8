/**
 * Parallel neurons: all T charges are one product of the inputs over time, without a reset.
 *
 * @module
 */
export { default as backward } from "./backward.wgsl" with { type: "text" };
export { default as ends } from "./ends.wgsl" with { type: "text" };
export { default as fire } from "./fire.wgsl" with { type: "text" };
export { default as forward } from "./forward.wgsl" with { type: "text" };
export { default as gradient } from "./gradient.wgsl" with { type: "text" };
export { default as input } from "./input.wgsl" with { type: "text" };
export { default as mask } from "./mask.wgsl" with { type: "text" };
export { default as matrix } from "./matrix.wgsl" with { type: "text" };
export { default as readMatrix } from "./read_matrix.wgsl" with { type: "text" };
export { default as weights } from "./weights.wgsl" with { type: "text" };
