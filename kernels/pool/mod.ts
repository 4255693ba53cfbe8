/**
 * Pools: a window of each plane becomes one number.
 *
 * @module
 */
export { default as backward } from "./backward.wgsl" with { type: "text" };
export { default as forward } from "./forward.wgsl" with { type: "text" };
export { default as winners } from "./winners.wgsl" with { type: "text" };
