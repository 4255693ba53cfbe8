/**
 * Convolutions: what tells a matrix product from a Linear layer's.
 *
 * @module
 */
export { default as gradientLines } from "./gradient_lines.wgsl" with { type: "text" };
export { default as map } from "./map.wgsl" with { type: "text" };
export { default as pack } from "./pack.wgsl" with { type: "text" };
export { default as readPacked } from "./read_packed.wgsl" with { type: "text" };
