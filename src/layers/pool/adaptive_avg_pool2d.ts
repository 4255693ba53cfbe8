import type { LayerJson } from "../../core/layer.ts";
import type { Shape } from "../../core/shape.ts";
import { checkSize, type Size2d, sizeText } from "../conv/window.ts";
import { Pool } from "./pool.ts";
import { planesOf, type PoolWindow, windowOver } from "./window.ts";

/**
 * Means of parts of pictures at each time step, as many as are asked for, however large the pictures are:
 * `[T, batch, channels, height, width]` becomes `[T, batch, channels, ...outputSize]`. With 1 it is the mean of
 * each channel. It is `torch.nn.AdaptiveAvgPool2d` for sizes that divide those of the pictures: all parts are
 * of one size.
 *
 * @example
 * ```ts
 * import { AdaptiveAvgPool2d } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new AdaptiveAvgPool2d(1).outputShape([64, 7, 7]), [64, 1, 1]);
 * assertEquals(new AdaptiveAvgPool2d([4, 2]).outputShape([64, 8, 6]), [64, 4, 2]);
 * ```
 */
export class AdaptiveAvgPool2d extends Pool {
  /** The kind of layer. */
  readonly kind = "AdaptiveAvgPool2d";
  /** What becomes of a window. */
  readonly gives = "mean";
  /** Height and width of what comes out. */
  readonly outputSize: readonly [number, number];

  /**
   * Describes the layer.
   *
   * @param outputSize The size of what comes out.
   * @throws {RangeError} If a number isn't an integer of at least 1.
   */
  constructor(outputSize: Size2d) {
    super();
    this.outputSize = checkSize(
      "Cannot create an AdaptiveAvgPool2d layer",
      "outputSize",
      outputSize,
    );
  }

  /**
   * How its windows lie over a sample.
   *
   * @param input What a sample has that comes in: `[channels, height, width]`.
   * @returns The windows.
   * @throws {RangeError} If it has another shape, or a size that isn't a multiple of what comes out.
   */
  window(input: Shape): PoolWindow {
    const what = `Cannot compile ${this.title()}`;
    const planes = planesOf(what, input, ["height", "width"]);
    const [height, width] = [0, 1].map((i) => planes.size[i]! / this.outputSize[i]!);
    if (!Number.isInteger(height) || !Number.isInteger(width)) {
      throw new RangeError(
        `${what} as outputSize must divide the size of what comes in, ${sizeText(planes.size)}`,
      );
    }
    const kernelSize = [height!, width!] as const;
    return windowOver(what, { kernelSize, stride: kernelSize, padding: [0, 0] }, planes);
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    return { kind: this.kind, outputSize: this.outputSize };
  }

  /** What a summary calls it. */
  title(): string {
    return `AdaptiveAvgPool2d ${sizeText(this.outputSize)}`;
  }
}
