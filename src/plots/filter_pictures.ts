import { checkCount } from "../validate.ts";
import { checkValues } from "./checks.ts";
import { scheme } from "./colors.ts";
import { pictureFigure } from "./picture_figure.ts";
import type { PlotOptions } from "./plot_options.ts";

/** Options of {@linkcode filterPictures}. */
export interface FilterPicturesOptions extends PlotOptions {
  /** Output channels: the filters. */
  outputs: number;
  /** Input channels that a filter reads. */
  inputs: number;
  /** Rows of the kernel. */
  height: number;
  /** Columns of the kernel. */
  width: number;
}

const WHAT = "Cannot plot filters";

/** Filters of one input channel: pictures of a row, and of all rows. */
const [COLUMNS, MOST] = [8, 64];
/** Of several input channels, a row shows a filter: rows and columns at most. */
const MOST_CHANNELS = 16;

const SIDE = 40;
const GAP = 6;

/**
 * Plots the filters of a convolution as small pictures: negative weights are blue, positive ones
 * orange, on one scale. Filters of one input channel follow each other; of several, each row is a
 * filter and each column an input channel. Of many, the first are shown: 64 filters, or 16 with 16
 * channels each.
 *
 * @param weights The weights, `[outputs, inputs, height, width]`.
 * @param options The shape.
 * @returns The text of an SVG.
 * @throws {TypeError} If there are more or fewer weights.
 * @throws {RangeError} If a size isn't a count, or a weight isn't finite.
 *
 * @example
 * ```ts
 * import { filterPictures } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const weights = Float32Array.from({ length: 2 * 1 * 3 * 3 }, (_, i) => Math.sin(i));
 * const svg = await filterPictures(weights, { outputs: 2, inputs: 1, height: 3, width: 3 });
 * assertStringIncludes(svg, "2 filters of 1 x 3 x 3");
 * ```
 */
export async function filterPictures(
  weights: ArrayLike<number>,
  options: FilterPicturesOptions,
): Promise<string> {
  const outputs = checkCount(WHAT, "outputs", options.outputs);
  const inputs = checkCount(WHAT, "inputs", options.inputs);
  const height = checkCount(WHAT, "height", options.height);
  const width = checkCount(WHAT, "width", options.width);
  checkValues(WHAT, weights, { outputs, inputs, height, width });

  const rows = Math.min(outputs, inputs === 1 ? MOST : MOST_CHANNELS);
  const channels = Math.min(inputs, MOST_CHANNELS);
  const size = height * width;
  const values = Array.from({ length: rows * channels * size }, (_, i) => {
    const row = Math.floor(i / (channels * size));
    return weights[row * inputs * size + i % (channels * size)]!;
  });
  const high = values.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
  return await pictureFigure({
    values,
    count: rows * channels,
    height,
    width,
    low: -high,
    high,
    palette: await scheme("blueorange"),
    columns: inputs === 1 ? COLUMNS : channels,
    side: SIDE,
    gap: GAP,
    title: options.title ?? "Filters",
    subtitle: subtitle(options, rows, channels),
    quantity: "weight",
  });
}

/** What is shown of how much. */
function subtitle(
  { outputs, inputs, height, width }: FilterPicturesOptions,
  rows: number,
  channels: number,
): string {
  const all = `${outputs} filters of ${inputs} x ${height} x ${width}`;
  const filters = rows < outputs ? `the first ${rows} of ${all}` : all;
  if (inputs === 1) return filters;
  const shown = channels < inputs ? `the first ${channels} input channels` : "the input channels";
  return `${filters}, one a row; columns are ${shown}`;
}
