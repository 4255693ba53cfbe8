/**
 * Batch norm: sums of parts, what they come to, and the numbers that follow.
 *
 * @module
 */
export { default as apply } from "./apply.wgsl" with { type: "text" };
export { default as merge } from "./merge.wgsl" with { type: "text" };
export { default as sums } from "./sums.wgsl" with { type: "text" };
export { default as sumsByLengths } from "./sums_by_lengths.wgsl" with { type: "text" };
