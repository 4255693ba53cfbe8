import { checkCount } from "../validate.ts";
import { checkValues } from "./checks.ts";
import { colorBar } from "./color_bar.ts";
import { scheme } from "./colors.ts";
import { figureSpec, frame } from "./figure.ts";
import { pixelMark } from "./pixels.ts";
import type { PlotOptions } from "./plot_options.ts";
import { render } from "./render.ts";
import { timePanel, transpose } from "./time_panel.ts";

/** Options of {@linkcode heatMap}. */
export interface HeatMapOptions extends PlotOptions {
  /** T, the number of time steps. */
  timeSteps: number;
  /** N, the number of neurons. */
  neurons: number;
  /**
   * What the values are, with their unit if they have one.
   *
   * @default {"membrane potential"}
   */
  quantity?: string;
}

const WHAT = "Cannot plot a heat map";

/**
 * Plots a value of each neuron at each time step as colours, such as the membrane potential:
 * what SpikingJelly calls `plot_2d_heatmap`.
 *
 * @param values The values, `[T, N]`.
 * @param options The shape.
 * @returns The text of an SVG.
 * @throws {TypeError} If there are more or fewer values.
 * @throws {RangeError} If a size isn't a count, or a value isn't finite.
 *
 * @example
 * ```ts
 * import { heatMap } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const v = new Float32Array([0, 0.5, 0.4, 0.8, 0.9, 0]);
 * const svg = await heatMap(v, { timeSteps: 3, neurons: 2 });
 * assertStringIncludes(svg, "membrane potential");
 * ```
 */
export async function heatMap(
  values: ArrayLike<number>,
  options: HeatMapOptions,
): Promise<string> {
  const timeSteps = checkCount(WHAT, "timeSteps", options.timeSteps);
  const neurons = checkCount(WHAT, "neurons", options.neurons);
  checkValues(WHAT, values, { timeSteps, neurons });

  const quantity = options.quantity ?? "membrane potential";
  const { low, high } = range(values);
  const palette = await scheme("viridis");
  const panel = timePanel(timeSteps, neurons);
  const box = { x: 0, y: 0, width: panel.width, height: panel.height };
  const cells = await pixelMark({
    values: transpose(values, timeSteps, neurons),
    rows: neurons,
    columns: timeSteps,
    low,
    high,
    palette,
  }, box);
  const bar = await colorBar({
    title: quantity,
    low,
    high,
    palette,
    x: panel.width,
    height: panel.height,
  });
  return await render(figureSpec({
    ...panel,
    title: options.title ?? `${quantity[0]?.toUpperCase() ?? ""}${quantity.slice(1)}`,
    right: bar.space,
    scales: [...panel.scales, bar.scale],
    axes: [...panel.axes, bar.axis],
    marks: [cells, frame(box), ...bar.marks],
  }));
}

/** The least and the greatest value, apart even where all values are the same. */
function range(values: ArrayLike<number>): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return low < high ? { low, high } : { low: low - 0.5, high: high + 0.5 };
}
