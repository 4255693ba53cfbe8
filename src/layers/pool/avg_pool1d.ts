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

/** Options of {@linkcode AvgPool1d}. */
export interface AvgPool1dOptions {
  /**
   * Places from one window to the next.
   *
   * @default {kernelSize}
   */
  stride?: number;
  /**
   * Places at both ends that windows reach over, at most half a window: zeros.
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
  /**
   * Whether the mean of a window counts the padding, as zeros.
   *
   * @default {true}
   */
  countIncludePad?: boolean;
}

/**
 * The mean of each window of lines at each time step: `[T, batch, channels, length]`
 * becomes `[T, batch, channels, out length]`, with
 *
 * ```text
 * out length = floor((length + 2 padding - kernel size) / stride) + 1
 * ```
 *
 * or, with `ceilMode`, rounded up. Options and defaults are those of `torch.nn.AvgPool1d`.
 *
 * The mean of spikes is the share of a window's neurons that spike: numbers, 0 to 1.
 *
 * @example
 * ```ts
 * import { AvgPool1d, IfNode, Sequential } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const network = new Sequential([new IfNode(), new AvgPool1d(2)]);
 * assertEquals(network.outputShape([16, 700]), [16, 350]);
 * ```
 */
export class AvgPool1d extends Pool {
  /** The kind of layer. */
  readonly kind = "AvgPool1d";
  /** What becomes of a window. */
  readonly gives = "mean";
  /** How its windows move. */
  readonly move: PoolMove;

  /**
   * Describes the layer.
   *
   * @param kernelSize A window's length.
   * @param options How the windows move.
   * @throws {RangeError} If a number isn't an integer in its range.
   */
  constructor(kernelSize: number, options: AvgPool1dOptions = {}) {
    super();
    const { stride, padding, ceilMode = false, countIncludePad = true } = options;
    this.move = {
      ...checkLineMove("Cannot create an AvgPool1d layer", kernelSize, stride, padding),
      ceilMode,
      countIncludePad,
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
    return `AvgPool1d ${this.move.kernelSize[1]}`;
  }
}
