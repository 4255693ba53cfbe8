import type { CompiledLayer, Layer } from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { reshaped, type Signal } from "../core/signal.ts";

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

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in.
   * @returns One dimension of as many.
   */
  outputShape(input: Shape): Shape {
    return [sizeOf(input)];
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
  toJSON(): { kind: "Flatten" } {
    return { kind: this.kind };
  }
}
