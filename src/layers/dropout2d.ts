import type { CompiledLayer, Layer } from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import { formatShape, type Shape } from "../core/shape.ts";
import type { Signal } from "../core/signal.ts";
import { checkDropout, compileDropout } from "./dropout.ts";

/**
 * Drops each (sample, channel) with probability p in each training step, all its places and all T alike,
 * and scales the others up by `1 / (1 - p)`: neighbours of a picture tell too much of each other for
 * {@linkcode Dropout} to matter. In a step that doesn't learn, `output = input`.
 *
 * Source: `Dropout2d` of SpikingJelly in multi-step mode. Masks, spikes and potentials are as `Dropout` has
 * them, with a channel in the place of a feature.
 *
 * @example
 * ```ts
 * import { Conv2d, Dropout2d, IfNode, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([
 *   new Conv2d(2, 16, { kernelSize: 3 }),
 *   new IfNode(),
 *   new Dropout2d(0.2),
 * ]);
 * ```
 */
export class Dropout2d implements Layer {
  /** The kind of layer. */
  readonly kind = "Dropout2d";
  /** The probability that a channel is dropped. */
  readonly p: number;

  /**
   * Describes the layer.
   *
   * @param p The probability that a channel is dropped.
   * @throws {RangeError} If `p` isn't at least 0 and less than 1.
   */
  constructor(p: number) {
    this.p = checkDropout("Dropout2d", p);
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in: `[channels, height, width]`.
   * @returns The same.
   * @throws {RangeError} If it has another number of dimensions.
   */
  outputShape(input: Shape): Shape {
    if (input.length === 3) return input;
    throw new RangeError(
      `Cannot compile ${this.title()} as it takes samples of [channels, height, width]: it gets ` +
        formatShape(input),
    );
  }

  /**
   * Adds the layer's kernels to a program; none where it doesn't learn.
   *
   * @param scope The layer's view of the program.
   * @param input The signal that comes in.
   * @returns A stored signal of the same shape; the gradient is masked in place.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    const [, height, width] = this.outputShape(input.shape);
    return compileDropout(scope, input, { p: this.p, together: height! * width! });
  }

  /** What makes the layer again. */
  toJSON(): { kind: "Dropout2d"; p: number } {
    return { kind: this.kind, p: this.p };
  }

  /** What a summary calls it. */
  title(): string {
    return `Dropout2d ${this.p}`;
  }
}
