import type { CompiledLayer, Layer, LayerJson } from "../../core/layer.ts";
import type { Scope } from "../../core/scope.ts";
import { formatShape, type Shape, sizeOf } from "../../core/shape.ts";
import type { Signal } from "../../core/signal.ts";
import type { Declarations } from "../../core/tensor_spec.ts";
import { checkAbove, checkCount } from "../../validate.ts";
import { compileNorm } from "./compile.ts";
import type { Norm } from "./statistics.ts";

/** Options of {@linkcode BatchNorm1d} and {@linkcode BatchNorm2d}. */
export interface BatchNormOptions {
  /**
   * What is added to the variance, so that nothing is divided by 0.
   *
   * @default {1e-5}
   */
  eps?: number;
  /**
   * The share of a batch in the running mean and variance, more than 0 and at most 1.
   *
   * @default {0.1}
   */
  momentum?: number;
  /**
   * Whether weight and bias are learned; else they are 1 and 0.
   *
   * @default {true}
   */
  affine?: boolean;
}

/** What pictures have after their channels. */
export const PLANES: readonly (readonly string[])[] = [["height", "width"]];
/** What features and lines have after their channels. */
export const LINES: readonly (readonly string[])[] = [[], ["length"]];

/** What batch norms of all dimensions have in common. */
export abstract class BatchNorm implements Layer {
  /** The kind of layer. */
  abstract readonly kind: string;
  /** Channels: the first dimension of a sample. */
  readonly features: number;
  /** What is added to the variance. */
  readonly eps: number;
  /** The share of a batch in the running statistics. */
  readonly momentum: number;
  /** Whether weight and bias are learned. */
  readonly affine: boolean;
  /** What a sample may have after its channels. */
  readonly #sizes: readonly (readonly string[])[];

  /**
   * Describes the layer.
   *
   * @param kind The kind of layer, for messages.
   * @param sizes What a sample may have after its channels, such as `["height", "width"]`.
   * @param features Channels.
   * @param options What is added to the variance, and how fast running statistics follow.
   * @throws {RangeError} If a number isn't in its range.
   */
  constructor(
    kind: string,
    sizes: readonly (readonly string[])[],
    features: number,
    options: BatchNormOptions,
  ) {
    const what = `Cannot create a ${kind} layer`;
    this.#sizes = sizes;
    const { eps = 1e-5, momentum = 0.1, affine = true } = options;
    this.features = checkCount(what, "features", features);
    this.eps = checkAbove(what, "eps", eps, 0);
    this.momentum = checkAbove(what, "momentum", momentum, 0);
    this.affine = affine;
    if (momentum > 1) {
      throw new RangeError(`${what} as momentum must be at most 1: current value is ${momentum}`);
    }
  }

  /** The first value of each weight. */
  protected get firstWeight(): number {
    return 1;
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in.
   * @returns The same.
   * @throws {RangeError} If it has another number of channels or of dimensions.
   */
  outputShape(input: Shape): Shape {
    const fits = this.#sizes.some((sizes) => sizes.length + 1 === input.length);
    if (fits && input[0] === this.features) return input;
    const names = this.#sizes.map((sizes) => `[${[this.features, ...sizes].join(", ")}]`);
    throw new RangeError(
      `Cannot compile ${this.title()} as it takes samples of ${names.join(" or ")}: it gets ` +
        formatShape(input),
    );
  }

  /**
   * Declares `weight` (1 at first, unless the kind says otherwise) and `bias` (0), where they are learned, and
   * `running_mean` (0) and `running_var` (1), which are kept, `[features]` each.
   *
   * @param declarations Where to.
   */
  declare(declarations: Declarations): void {
    const shape = [this.features];
    const filled = (value: number) => ({
      shape,
      init: () => new Float32Array(this.features).fill(value),
    });
    if (this.affine) {
      declarations.parameters("weight", {
        tensors: { weight: filled(this.firstWeight), bias: filled(0) },
      });
    }
    declarations.state("running_mean", filled(0));
    declarations.state("running_var", filled(1));
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The signal that comes in.
   * @returns Numbers of the same shape: the same at each time step if the input is.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    return compileNorm(scope, normOf(this, input.shape), input);
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { kind, features, eps, momentum, affine } = this;
    return { kind, features, eps, momentum, affine };
  }

  /** What a summary calls it. */
  title(): string {
    return `${this.kind} ${this.features}`;
  }
}

/**
 * Normalises each channel of pictures over a batch, all its time steps and places:
 *
 * ```text
 * y = (x - mean) / sqrt(variance + eps) weight + bias
 * running = (1 - momentum) running + momentum of the batch (its variance times n / (n - 1))
 * ```
 *
 * In a step that doesn't learn, the running mean and variance take the place of the batch's.
 *
 * Options, defaults and saved names are those of `torch.nn.BatchNorm2d`; T counts as more samples, as in
 * SpikingJelly's `layer.BatchNorm2d` in multi-step mode. PyTorch's `num_batches_tracked`, which nothing
 * reads, is passed over in files.
 *
 * @example
 * ```ts
 * import { BatchNorm2d, Conv2d, IfNode, Sequential } from "@galvani/snn";
 *
 * const block = new Sequential([
 *   new Conv2d(1, 32, { kernelSize: 3, padding: 1, bias: false }),
 *   new BatchNorm2d(32),
 *   new IfNode(),
 * ]);
 * ```
 */
export class BatchNorm2d extends BatchNorm {
  /** The kind of layer. */
  override readonly kind = "BatchNorm2d";

  /**
   * Describes the layer.
   *
   * @param features Channels.
   * @param options What is added to the variance, and how fast running statistics follow.
   * @throws {RangeError} If a number isn't in its range.
   */
  constructor(features: number, options: BatchNormOptions = {}) {
    super("BatchNorm2d", PLANES, features, options);
  }
}

/**
 * Normalises each channel, or each feature, over a batch and all its time steps: {@linkcode BatchNorm2d} of
 * samples `[features]` or `[features, length]`.
 *
 * @example
 * ```ts
 * import { BatchNorm1d, IfNode, Linear, Sequential } from "@galvani/snn";
 *
 * const block = new Sequential([new Linear(784, 100), new BatchNorm1d(100), new IfNode()]);
 * ```
 */
export class BatchNorm1d extends BatchNorm {
  /** The kind of layer. */
  override readonly kind = "BatchNorm1d";

  /**
   * Describes the layer.
   *
   * @param features Channels, or features.
   * @param options What is added to the variance, and how fast running statistics follow.
   * @throws {RangeError} If a number isn't in its range.
   */
  constructor(features: number, options: BatchNormOptions = {}) {
    super("BatchNorm1d", LINES, features, options);
  }
}

/**
 * A layer for samples of a shape.
 *
 * @param layer The layer.
 * @param input What a sample has that comes in.
 * @returns The layer, as its kernels need to know it.
 */
export function normOf(layer: BatchNorm, input: Shape): Norm {
  const { features, eps, momentum, affine } = layer;
  return { channels: features, places: sizeOf(input) / features, eps, momentum, affine };
}
