/**
 * Losses with their gradients.
 *
 * @module
 */
export { default as batch } from "./batch.wgsl" with { type: "text" };
export { default as independent } from "./independent.wgsl" with { type: "text" };
export { default as none } from "./none.wgsl" with { type: "text" };
export { default as potentialMse } from "./potential_mse.wgsl" with { type: "text" };
export { default as rateMse } from "./rate_mse.wgsl" with { type: "text" };
export { default as readOut } from "./read_out.wgsl" with { type: "text" };
export { default as readOutGradient } from "./read_out_gradient.wgsl" with { type: "text" };
export { default as softmaxCrossEntropy } from "./softmax_cross_entropy.wgsl" with { type: "text" };
export { default as sumShares } from "./sum_shares.wgsl" with { type: "text" };
export { default as temporalCrossEntropy } from "./temporal_cross_entropy.wgsl" with { type: "text" };
export { default as valueMse } from "./value_mse.wgsl" with { type: "text" };
