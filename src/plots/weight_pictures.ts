import { checkCount } from "../validate.ts";
import { checkValues } from "./checks.ts";
import { scheme } from "./colors.ts";
import { pictureFigure } from "./picture_figure.ts";
import type { PlotOptions } from "./plot_options.ts";

/** Options of {@linkcode weightPictures}. */
export interface WeightPicturesOptions extends PlotOptions {
  /** Rows of an input picture. */
  height: number;
  /** Pixels of a row. */
  width: number;
}

const WHAT = "Cannot plot weights";

/** More outputs than this are left out. */
const MOST_PICTURES = 25;

const COLUMNS = 5;
const SIDE = 112;
const GAP = 12;

/**
 * Plots the weights of a layer that reads pictures as pictures, one for each output: negative
 * weights are blue, positive ones orange, on one scale. Of many outputs the first 25 are shown.
 *
 * @param weights The weights, `[outputs, height * width]`.
 * @param options The size of an input picture.
 * @returns The text of an SVG.
 * @throws {TypeError} If there are no weights, or they don't make whole pictures.
 * @throws {RangeError} If a size isn't a count, or a weight isn't finite.
 *
 * @example
 * ```ts
 * import { weightPictures } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const weights = new Float32Array([0.1, -0.2, 0, 0.3, -0.1, 0, 0.2, 0.1]);
 * const svg = await weightPictures(weights, { height: 2, width: 2 });
 * assertStringIncludes(svg, "output 1");
 * ```
 */
export async function weightPictures(
  weights: ArrayLike<number>,
  options: WeightPicturesOptions,
): Promise<string> {
  const height = checkCount(WHAT, "height", options.height);
  const width = checkCount(WHAT, "width", options.width);
  const inputs = height * width;
  const outputs = Math.max(1, Math.ceil(weights.length / inputs));
  checkValues(WHAT, weights, { outputs, height, width });

  const shown = Math.min(outputs, MOST_PICTURES);
  const values = Array.from({ length: shown * inputs }, (_, i) => weights[i]!);
  const high = values.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
  return await pictureFigure({
    values,
    count: shown,
    height,
    width,
    low: -high,
    high,
    palette: await scheme("blueorange"),
    columns: COLUMNS,
    side: SIDE,
    gap: GAP,
    nameOf: (output) => `output ${output}`,
    title: options.title ?? "Weights",
    ...shown < outputs ? { subtitle: `the first ${shown} of ${outputs} outputs` } : {},
    quantity: "weight",
  });
}
