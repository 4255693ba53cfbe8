import type { LayerJson } from "../../core/layer.ts";
import type { Shape } from "../../core/shape.ts";
import { type Size2d, sizeText } from "../conv/window.ts";
import { Pool } from "./pool.ts";
import { checkMove, planesOf, type PoolMove, type PoolWindow, windowOver } from "./window.ts";

/** Options of {@linkcode MaxPool2d}. */
export interface MaxPool2dOptions {
  /**
   * Places from one window to the next.
   *
   * @default {kernelSize}
   */
  stride?: Size2d;
  /**
   * Places around a picture that windows reach over, at most half a window; none of them is the largest.
   *
   * @default {0}
   */
  padding?: Size2d;
  /**
   * Whether a last window may reach beyond the padding.
   *
   * @default {false}
   */
  ceilMode?: boolean;
}

/**
 * The largest number of each window of pictures at each time step: `[T, batch, channels, height, width]`
 * becomes `[T, batch, channels, out height, out width]`, with
 *
 * ```text
 * out size = floor((size + 2 padding - kernel size) / stride) + 1
 * ```
 *
 * or, with `ceilMode`, rounded up. Options and defaults are those of `torch.nn.MaxPool2d`; so is the gradient,
 * which goes to the first of the largest, row after row.
 *
 * Spikes stay spikes: a window spikes if one of its neurons does. The neurons' potential isn't passed on.
 *
 * @example
 * ```ts
 * import { IfNode, MaxPool2d, Sequential } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const network = new Sequential([new IfNode(), new MaxPool2d(2)]);
 * assertEquals(network.outputShape([32, 28, 28]), [32, 14, 14]);
 * ```
 */
export class MaxPool2d extends Pool {
  /** The kind of layer. */
  readonly kind = "MaxPool2d";
  /** What becomes of a window. */
  readonly gives = "largest";
  /** How its windows move. */
  readonly move: PoolMove;

  /**
   * Describes the layer.
   *
   * @param kernelSize A window's size.
   * @param options How the windows move.
   * @throws {RangeError} If a number isn't an integer in its range.
   */
  constructor(kernelSize: Size2d, options: MaxPool2dOptions = {}) {
    super();
    const { stride, padding, ceilMode = false } = options;
    this.move = {
      ...checkMove("Cannot create a MaxPool2d layer", kernelSize, stride, padding),
      ceilMode,
    };
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
    return `MaxPool2d ${sizeText(this.move.kernelSize)}`;
  }
}
