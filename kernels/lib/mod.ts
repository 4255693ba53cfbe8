/**
 * Pieces that texts of one's own may be made of.
 *
 * @module
 */
export { default as batch } from "./batch.wgsl" with { type: "text" };
