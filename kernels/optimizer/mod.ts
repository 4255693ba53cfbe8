/**
 * Optimizers, and what gradients go through before them.
 *
 * @module
 */
export { default as adam } from "./adam.wgsl" with { type: "text" };
export { default as clip } from "./clip.wgsl" with { type: "text" };
export { default as reduce } from "./reduce.wgsl" with { type: "text" };
export { default as sgd } from "./sgd.wgsl" with { type: "text" };
export { default as squares } from "./squares.wgsl" with { type: "text" };
