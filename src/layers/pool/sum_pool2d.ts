import type { LayerJson } from "../../core/layer.ts";
import type { Shape } from "../../core/shape.ts";
import { type Size2d, sizeText } from "../conv/window.ts";
import { Pool } from "./pool.ts";
import { checkMove, planesOf, type PoolMove, type PoolWindow, windowOver } from "./window.ts";

/** Options of {@linkcode SumPool2d}. */
export interface SumPool2dOptions {
  /**
   * Places from one window to the next.
   *
   * @default {kernelSize}
   */
  stride?: Size2d;
  /**
   * Places around a picture that windows reach over, at most half a window: zeros.
   *
   * @default {0}
   */
  padding?: Size2d;
}

/**
 * The sum of each window of pictures at each time step: `[T, batch, channels, height, width]`
 * becomes `[T, batch, channels, out height, out width]`, with
 *
 * ```text
 * out size = floor((size + 2 padding - kernel size) / stride) + 1
 * ```
 *
 * It is the `SumPool2d` of Sinabs and NIR: what comes in adds up, so that of spikes counts those of a window.
 *
 * @example
 * ```ts
 * import { IfNode, Sequential, SumPool2d } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const network = new Sequential([new IfNode(), new SumPool2d(2)]);
 * assertEquals(network.outputShape([32, 28, 28]), [32, 14, 14]);
 * ```
 */
export class SumPool2d extends Pool {
  /** The kind of layer. */
  readonly kind = "SumPool2d";
  /** What becomes of a window. */
  readonly gives = "sum";
  /** How its windows move. */
  readonly move: PoolMove;

  /**
   * Describes the layer.
   *
   * @param kernelSize A window's size.
   * @param options How the windows move.
   * @throws {RangeError} If a number isn't an integer in its range.
   */
  constructor(kernelSize: Size2d, options: SumPool2dOptions = {}) {
    super();
    this.move = checkMove(
      "Cannot create a SumPool2d layer",
      kernelSize,
      options.stride,
      options.padding,
    );
  }

  /**
   * How its windows lie over a sample.
   *
   * @param input What a sample has that comes in: `[channels, height, width]`.
   * @returns The windows.
   * @throws {RangeError} If it has another shape, or is smaller than a window.
   */
  window(input: Shape): PoolWindow {
    const what = `Cannot compile ${this.title()}`;
    return windowOver(what, this.move, planesOf(what, input, ["height", "width"]));
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    return { kind: this.kind, ...this.move };
  }

  /** What a summary calls it. */
  title(): string {
    return `SumPool2d ${sizeText(this.move.kernelSize)}`;
  }
}
