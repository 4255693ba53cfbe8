import type { Compilation } from "../signal/compilation.ts";
import type { Signal } from "../signal/signal.ts";
import type { CompiledLayer, Layer } from "./layer.ts";

/**
 * Says that the features of a sample are one row, as `Flatten` of SpikingJelly and PyTorch does before
 * a Linear layer. Signals here are rows already, so it costs nothing and changes nothing:
 * `[T, batch, features]` stays `[T, batch, features]`.
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
   * Features of a sample that the layer gives: as many as come in.
   *
   * @param input Features of a sample that come in.
   * @returns The same.
   */
  outputFeatures(input: number): number {
    return input;
  }

  /**
   * Passes the signal through; no kernel runs.
   *
   * @param _compilation The plan in the making.
   * @param input The signal that comes in, of any kind.
   * @returns The same signal; gradients pass through too.
   */
  compile(_compilation: Compilation, input: Signal): Promise<CompiledLayer> {
    return Promise.resolve({
      output: input,
      backward: (gradient, inputNeeded) => Promise.resolve(inputNeeded ? gradient : undefined),
    });
  }
}
