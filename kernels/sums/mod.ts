/**
 * How often each place of a signal spikes, over the samples of steps that are looked at.
 *
 * @module
 */
export { default as events } from "./events.wgsl" with { type: "text" };
export { default as numbers } from "./numbers.wgsl" with { type: "text" };
export { default as spikes } from "./spikes.wgsl" with { type: "text" };
export { default as windows } from "./windows.wgsl" with { type: "text" };
