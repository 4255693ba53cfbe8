/**
 * Dropout, of spikes and of numbers.
 *
 * @module
 */
export { default as spikes } from "./spikes.wgsl" with { type: "text" };
export { default as values } from "./values.wgsl" with { type: "text" };
