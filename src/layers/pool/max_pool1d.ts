import type { LayerJson } from "../../core/layer.ts";
import type { Shape } from "../../core/shape.ts";
import { Pool } from "./pool.ts";
import {
  checkLineMove,
  lineMove,
  planesOf,
  type PoolMove,
  type PoolWindow,
  windowOver,
} from "./window.ts";

/** Options of {@linkcode MaxPool1d}. */
export interface MaxPool1dOptions {
  /**
   * Places from one window to the next.
   *
   * @default {kernelSize}
   */
  stride?: number;
  /**
   * Places at both ends that windows reach over, at most half a window; none of them is the largest.
   *
   * @default {0}
   */
  padding?: number;
  /**
   * Whether a last window may reach beyond the padding.
   *
   * @default {false}
   */
  ceilMode?: boolean;
}

/**
 * The largest number of each window of lines at each time step: `[T, batch, channels, length]`
 * becomes `[T, batch, channels, out length]`, with
 *
 * ```text
 * out length = floor((length + 2 padding - kernel size) / stride) + 1
 * ```
 *
 * or, with `ceilMode`, rounded up. Options and defaults are those of `torch.nn.MaxPool1d`; so is the gradient,
 * which goes to the first of the largest, place after place.
 *
 * Spikes stay spikes: a window spikes if one of its neurons does. The neurons' potential isn't passed on.
 *
 * @example
 * ```ts
 * import { IfNode, MaxPool1d, Sequential } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const network = new Sequential([new IfNode(), new MaxPool1d(2)]);
 * assertEquals(network.outputShape([16, 700]), [16, 350]);
 * ```
 */
export class MaxPool1d extends Pool {
  /** The kind of layer. */
  readonly kind = "MaxPool1d";
  /** What becomes of a window. */
  readonly gives = "largest";
  /** How its windows move. */
  readonly move: PoolMove;

  /**
   * Describes the layer.
   *
   * @param kernelSize A window's length.
   * @param options How the windows move.
   * @throws {RangeError} If a number isn't an integer in its range.
   */
  constructor(kernelSize: number, options: MaxPool1dOptions = {}) {
    super();
    const { stride, padding, ceilMode = false } = options;
    this.move = {
      ...checkLineMove("Cannot create a MaxPool1d layer", kernelSize, stride, padding),
      ceilMode,
    };
  }

  /**
   * How its windows lie over a sample.
   *
   * @param input What a sample has that comes in: `[channels, length]`.
   * @returns The windows.
   * @throws {RangeError} If it has another shape, or is shorter than a window.
   */
  window(input: Shape): PoolWindow {
    const what = `Cannot compile ${this.title()}`;
    return windowOver(what, this.move, planesOf(what, input, ["length"]));
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    return { kind: this.kind, ...lineMove(this.move) };
  }

  /** What a summary calls it. */
  title(): string {
    return `MaxPool1d ${this.move.kernelSize[1]}`;
  }
}
