/**
 * From samples to spikes.
 *
 * @module
 */
export { default as columns } from "./columns.wgsl" with { type: "text" };
export { default as events } from "./events.wgsl" with { type: "text" };
export { default as poisson } from "./poisson.wgsl" with { type: "text" };
export { default as table } from "./table.wgsl" with { type: "text" };
