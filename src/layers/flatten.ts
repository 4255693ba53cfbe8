import type { CompiledLayer, Layer, LayerJson } from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import { formatShape, type Shape, sizeOf } from "../core/shape.ts";
import { reshaped, type Signal } from "../core/signal.ts";
import { checkCount } from "../validate.ts";

/** Options of {@linkcode Flatten}. */
export interface FlattenOptions {
  /**
   * The first dimension that becomes part of the one, as in PyTorch, where dimension 0 is the batch: 2 turns maps
   * `[channels, height, width]` into tokens `[channels, height * width]`.
   *
   * @default {1}
   */
  startDim?: number;
}

/**
 * Turns the dimensions of a sample into one, as `Flatten` of SpikingJelly and PyTorch does before a
 * Linear layer: `[T, batch, 1, 28, 28]` becomes `[T, batch, 784]`. Samples are flat in memory whatever
 * their shape, so it costs nothing.
 *
 * @example
 * ```ts
 * import { Flatten, LifNode, Linear, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([new Flatten(), new Linear(28 * 28, 10), new LifNode()]);
 * ```
 */
export class Flatten implements Layer {
  /** The kind of layer. */
  readonly kind = "Flatten";
  /** The first dimension that becomes part of the one; the batch is dimension 0. */
  readonly startDim: number;

  /**
   * Describes the layer.
   *
   * @param options Which dimensions become one.
   * @throws {RangeError} If `startDim` isn't an integer of at least 1.
   */
  constructor(options: FlattenOptions = {}) {
    const { startDim = 1 } = options;
    this.startDim = checkCount("Cannot create a Flatten layer", "startDim", startDim);
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in.
   * @returns The dimensions before `startDim`, and one of as many numbers as the others have.
   * @throws {RangeError} If there is no such dimension.
   */
  outputShape(input: Shape): Shape {
    const kept = this.startDim - 1;
    if (kept > 0 && kept >= input.length) {
      throw new RangeError(
        `Cannot compile a Flatten layer as samples of ${formatShape(input)} have no dimension ` +
          `${this.startDim}, counted from 1`,
      );
    }
    return [...input.slice(0, kept), sizeOf(input.slice(kept))];
  }

  /**
   * Gives the signal its new shape; no kernel runs.
   *
   * @param _scope The layer's view of the program.
   * @param input The signal that comes in, of any kind.
   * @returns The same signal; gradients pass through too.
   */
  compile(_scope: Scope, input: Signal): Promise<CompiledLayer> {
    return Promise.resolve({
      output: reshaped(input, this.outputShape(input.shape)),
      backward: (gradient, needed) => Promise.resolve(needed ? gradient : undefined),
    });
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { kind, startDim } = this;
    return { kind, ...startDim !== 1 && { startDim } };
  }
}
