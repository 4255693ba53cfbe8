/**
 * The shortcut around layers.
 *
 * @module
 */
export { default as accumulate } from "./accumulate.wgsl" with { type: "text" };
export { default as connect } from "./connect.wgsl" with { type: "text" };
export { default as connectSpikes } from "./connect_spikes.wgsl" with { type: "text" };
export { default as productGradient } from "./product_gradient.wgsl" with { type: "text" };
export { default as spread } from "./spread.wgsl" with { type: "text" };
export { default as sum } from "./sum.wgsl" with { type: "text" };
