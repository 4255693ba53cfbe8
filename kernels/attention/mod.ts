/**
 * Attention without softmax: products of features and tokens at each time step.
 *
 * @module
 */
export { default as outer } from "./outer.wgsl" with { type: "text" };
export { default as product } from "./product.wgsl" with { type: "text" };
