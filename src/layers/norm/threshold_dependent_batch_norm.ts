import type { LayerJson } from "../../core/layer.ts";
import { checkAbove } from "../../validate.ts";
import { BatchNorm, type BatchNormOptions, LINES, PLANES } from "./batch_norm.ts";

/** Options of {@linkcode ThresholdDependentBatchNorm1d} and {@linkcode ThresholdDependentBatchNorm2d}. */
export interface ThresholdDependentBatchNormOptions
  extends Pick<BatchNormOptions, "eps" | "momentum"> {
  /**
   * What follows from the network's structure, more than 0: 1 where layers follow each other, 1 / sqrt(n) where
   * the outputs of n norms are added up.
   *
   * @default {1}
   */
  alpha?: number;
  /**
   * The threshold of the neurons that follow, without unit, more than 0.
   *
   * @default {1}
   */
  vThreshold?: number;
}

/** What threshold-dependent batch norms of all dimensions have in common. */
export abstract class ThresholdDependentBatchNorm extends BatchNorm {
  /** What follows from the network's structure. */
  readonly alpha: number;
  /** The threshold of the neurons that follow. */
  readonly vThreshold: number;

  /**
   * Describes the layer.
   *
   * @param kind The kind of layer, for messages.
   * @param sizes What a sample may have after its channels, such as `["height", "width"]`.
   * @param features Channels.
   * @param options The factor and the threshold, and those of a batch norm.
   * @throws {RangeError} If a number isn't in its range.
   */
  constructor(
    kind: string,
    sizes: readonly (readonly string[])[],
    features: number,
    { alpha = 1, vThreshold = 1, ...options }: ThresholdDependentBatchNormOptions,
  ) {
    super(kind, sizes, features, { ...options, affine: true });
    const what = `Cannot create a ${kind} layer`;
    this.alpha = checkAbove(what, "alpha", alpha, 0);
    this.vThreshold = checkAbove(what, "vThreshold", vThreshold, 0);
  }

  /** The first value of each weight: what comes out deviates by the threshold times alpha. */
  protected override get firstWeight(): number {
    return this.alpha * this.vThreshold;
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const { kind, features, alpha, vThreshold, eps, momentum } = this;
    return { kind, features, alpha, vThreshold, eps, momentum };
  }
}

/**
 * Normalises each channel of pictures over a batch, all its time steps and places, as `BatchNorm2d` does, to
 * what suits the threshold of the neurons that follow (tdBN):
 *
 * ```text
 * y = (x - mean) / sqrt(variance + eps) weight + bias
 * weight = alpha vThreshold, bias = 0 at first; both are learned
 * ```
 *
 * Source: Zheng et al., "Going Deeper With Directly-Trained Larger Spiking Neural Networks", AAAI 2021,
 * https://arxiv.org/abs/2011.05280; SpikingJelly's `layer.ThresholdDependentBatchNorm2d(alpha, v_th, num_features)`,
 * whose saved names these are.
 *
 * @example
 * ```ts
 * import { Conv2d, LifNode, Sequential, ThresholdDependentBatchNorm2d } from "@galvani/snn";
 *
 * const vThreshold = 0.5;
 * const block = new Sequential([
 *   new Conv2d(1, 32, { kernelSize: 3, padding: 1, bias: false }),
 *   new ThresholdDependentBatchNorm2d(32, { vThreshold }),
 *   new LifNode({ vThreshold }),
 * ]);
 * ```
 */
export class ThresholdDependentBatchNorm2d extends ThresholdDependentBatchNorm {
  /** The kind of layer. */
  override readonly kind = "ThresholdDependentBatchNorm2d";

  /**
   * Describes the layer.
   *
   * @param features Channels.
   * @param options The factor and the threshold, and those of a batch norm.
   * @throws {RangeError} If a number isn't in its range.
   */
  constructor(features: number, options: ThresholdDependentBatchNormOptions = {}) {
    super("ThresholdDependentBatchNorm2d", PLANES, features, options);
  }
}

/**
 * Normalises each channel, or each feature, over a batch and all its time steps:
 * {@linkcode ThresholdDependentBatchNorm2d} of samples `[features]` or `[features, length]`.
 *
 * @example
 * ```ts
 * import { LifNode, Linear, Sequential, ThresholdDependentBatchNorm1d } from "@galvani/snn";
 *
 * const block = new Sequential([
 *   new Linear(784, 100, { bias: false }),
 *   new ThresholdDependentBatchNorm1d(100, { alpha: 1, vThreshold: 0.5 }),
 *   new LifNode({ vThreshold: 0.5 }),
 * ]);
 * ```
 */
export class ThresholdDependentBatchNorm1d extends ThresholdDependentBatchNorm {
  /** The kind of layer. */
  override readonly kind = "ThresholdDependentBatchNorm1d";

  /**
   * Describes the layer.
   *
   * @param features Channels, or features.
   * @param options The factor and the threshold, and those of a batch norm.
   * @throws {RangeError} If a number isn't in its range.
   */
  constructor(features: number, options: ThresholdDependentBatchNormOptions = {}) {
    super("ThresholdDependentBatchNorm1d", LINES, features, options);
  }
}
