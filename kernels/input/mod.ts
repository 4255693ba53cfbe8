/**
 * From samples, and from signals that aren't stored, to stored signals.
 *
 * @module
 */
export { default as clear } from "./clear.wgsl" with { type: "text" };
export { default as gather } from "./gather.wgsl" with { type: "text" };
export { default as numbers } from "./numbers.wgsl" with { type: "text" };
export { default as scale } from "./scale.wgsl" with { type: "text" };
export { default as spread } from "./spread.wgsl" with { type: "text" };
