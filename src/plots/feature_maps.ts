import { checkCount } from "../validate.ts";
import { checkBetween, checkValues } from "./checks.ts";
import { greys } from "./colors.ts";
import { pictureFigure } from "./picture_figure.ts";
import type { PlotOptions } from "./plot_options.ts";

/** Options of {@linkcode featureMaps}. */
export interface FeatureMapsOptions extends PlotOptions {
  /** T, the number of time steps. */
  timeSteps: number;
  /** C, the number of feature maps. */
  channels: number;
  /** H, the rows of a map. */
  height: number;
  /** W, the columns of a map. */
  width: number;
}

const WHAT = "Cannot plot feature maps";

/** Maps of a row, and of all rows. */
const [COLUMNS, MOST] = [8, 64];

const SIDE = 64;
const GAP = 6;

/**
 * Plots how often each neuron of a layer with feature maps fires for a sample, a picture for each of
 * the maps: black never does, white fires at each time step. With one time step it is what
 * SpikingJelly calls `plot_2d_feature_map`. Of many maps the first 64 are shown.
 *
 * @param spikes The spikes, `[T, C, H, W]`: 0 or 1, or how strongly a neuron fires between them.
 * @param options The shape.
 * @returns The text of an SVG.
 * @throws {TypeError} If there are more or fewer spikes.
 * @throws {RangeError} If a size isn't a count, or a spike isn't between 0 and 1.
 *
 * @example
 * ```ts
 * import { featureMaps } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const spikes = Uint8Array.from({ length: 4 * 3 * 5 * 5 }, (_, i) => i % 3 === 0 ? 1 : 0);
 * const svg = await featureMaps(spikes, { timeSteps: 4, channels: 3, height: 5, width: 5 });
 * assertStringIncludes(svg, "3 feature maps of 5 x 5");
 * ```
 */
export async function featureMaps(
  spikes: ArrayLike<number>,
  options: FeatureMapsOptions,
): Promise<string> {
  const timeSteps = checkCount(WHAT, "timeSteps", options.timeSteps);
  const channels = checkCount(WHAT, "channels", options.channels);
  const height = checkCount(WHAT, "height", options.height);
  const width = checkCount(WHAT, "width", options.width);
  checkValues(WHAT, spikes, { timeSteps, channels, height, width });
  checkBetween(WHAT, "spike", spikes, 0, 1);

  const shown = Math.min(channels, MOST);
  const step = channels * height * width;
  const rates = Array.from({ length: shown * height * width }, (_, neuron) => {
    let count = 0;
    for (let t = 0; t < timeSteps; t++) count += spikes[t * step + neuron]!;
    return count / timeSteps;
  });
  const all = `${channels} feature maps of ${height} x ${width}`;
  return await pictureFigure({
    values: rates,
    count: shown,
    height,
    width,
    low: 0,
    high: 1,
    palette: greys(),
    columns: COLUMNS,
    side: SIDE,
    gap: GAP,
    title: options.title ?? "Feature maps",
    subtitle: shown < channels ? `the first ${shown} of ${all}` : all,
    quantity: "spikes a step",
  });
}
