/**
 * The shortcut around layers.
 *
 * @module
 */
export { default as accumulate } from "./accumulate.wgsl" with { type: "text" };
export { default as add } from "./add.wgsl" with { type: "text" };
export { default as spread } from "./spread.wgsl" with { type: "text" };
export { default as sum } from "./sum.wgsl" with { type: "text" };
