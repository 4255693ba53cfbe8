import type { GroupMark, PathMark, TextMark } from "vega";
import { checkCount } from "../validate.ts";
import { checkValues } from "./checks.ts";
import { BLUE, greys, INK } from "./colors.ts";
import { figureSpec, frame } from "./figure.ts";
import { pixelMark } from "./pixels.ts";
import type { PlotOptions } from "./plot_options.ts";
import { render } from "./render.ts";
import { type TimePanel, timePanel, transpose } from "./time_panel.ts";

/** Options of {@linkcode spikeRaster}. */
export interface SpikeRasterOptions extends PlotOptions {
  /** T, the number of time steps. */
  timeSteps: number;
  /** N, the number of neurons. */
  neurons: number;
}

const WHAT = "Cannot plot spikes";

const RATES_GAP = 24;
const RATES_WIDTH = 150;
const RATES_RIGHT = 44;

/** More values than this are drawn as pixels. */
const MOST_TICKS = 50_000;

/** More neurons than this have no room for a number at each bar. */
const MOST_NUMBERS = 34;

/**
 * Plots which neuron spikes when, and each neuron's firing rate beside it: what SpikingJelly
 * calls `plot_1d_spikes`.
 *
 * @param spikes The spikes, `[T, N]`, 0 or 1.
 * @param options The shape.
 * @returns The text of an SVG.
 * @throws {TypeError} If there are more or fewer values.
 * @throws {RangeError} If a size isn't a count, or a value is neither 0 nor 1.
 *
 * @example
 * ```ts
 * import { spikeRaster } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const spikes = new Uint8Array([0, 1, 1, 0, 0, 1]);
 * const svg = await spikeRaster(spikes, { timeSteps: 3, neurons: 2 });
 * assertStringIncludes(svg, "firing rate");
 * ```
 */
export async function spikeRaster(
  spikes: ArrayLike<number>,
  options: SpikeRasterOptions,
): Promise<string> {
  const timeSteps = checkCount(WHAT, "timeSteps", options.timeSteps);
  const neurons = checkCount(WHAT, "neurons", options.neurons);
  checkValues(WHAT, spikes, { timeSteps, neurons });
  for (let i = 0; i < spikes.length; i++) {
    if (spikes[i] !== 0 && spikes[i] !== 1) {
      throw new RangeError(`${WHAT} as values must be 0 or 1: value ${i} is ${spikes[i]}`);
    }
  }

  const panel = timePanel(timeSteps, neurons);
  const box = { x: 0, y: 0, width: panel.width, height: panel.height };
  const isDense = spikes.length > MOST_TICKS;
  return await render(figureSpec({
    ...panel,
    title: options.title ?? "Spikes",
    right: RATES_GAP + RATES_WIDTH + RATES_RIGHT,
    // The axis of the firing rates has a title of two lines.
    bottom: panel.bottom + 16,
    data: [{ name: "rates", values: firingRates(spikes, timeSteps, neurons) }],
    marks: [
      isDense
        ? await pixelMark({
          values: transpose(spikes, timeSteps, neurons),
          rows: neurons,
          columns: timeSteps,
          low: 1,
          high: 0,
          palette: greys(),
        }, box)
        : ticks(spikes, timeSteps, neurons, panel),
      frame(box),
      rateBars(neurons, panel),
    ],
  }));
}

function firingRates(
  spikes: ArrayLike<number>,
  timeSteps: number,
  neurons: number,
): { neuron: number; rate: number; text: string }[] {
  const counts = new Float64Array(neurons);
  for (let i = 0; i < spikes.length; i++) counts[i % neurons]! += spikes[i]!;
  return Array.from(counts, (count, neuron) => {
    const rate = count / timeSteps;
    return { neuron, rate, text: rate.toFixed(2) };
  });
}

/** All spikes as one path, in units of cells, which is quicker to draw than a mark for each. */
function ticks(
  spikes: ArrayLike<number>,
  timeSteps: number,
  neurons: number,
  panel: TimePanel,
): PathMark {
  const scaleX = panel.width / timeSteps;
  const scaleY = panel.height / neurons;
  // Thin bars with gaps between them, as long as a pixel leaves room for both.
  const width = Number(Math.min(1, Math.max(1, Math.min(3, 0.6 * scaleX)) / scaleX).toFixed(3));
  const height = scaleY < 3 ? 1 : 0.8;
  const edge = (1 - height) / 2;
  let path = "";
  for (let t = 0; t < timeSteps; t++) {
    const x = Number((t + (1 - width) / 2).toFixed(3));
    for (let n = 0; n < neurons; n++) {
      if (spikes[t * neurons + n] === 0) continue;
      path += `M${x} ${Number((n + edge).toFixed(1))}h${width}v${height}h${-width}z`;
    }
  }
  return {
    type: "path",
    name: "spikes",
    encode: {
      enter: {
        path: { value: path },
        scaleX: { value: scaleX },
        scaleY: { value: scaleY },
        fill: { value: INK },
      },
    },
  };
}

function rateBars(neurons: number, panel: TimePanel): GroupMark {
  const row = panel.height / neurons;
  const bar = row < 3 ? row : 0.7 * row;
  return {
    type: "group",
    encode: {
      enter: {
        x: { value: panel.width + RATES_GAP },
        width: { value: RATES_WIDTH },
        height: { value: panel.height },
      },
    },
    scales: [
      { name: "rate", type: "linear", domain: [0, 1], range: [0, RATES_WIDTH] },
    ],
    axes: [{
      orient: "bottom",
      scale: "rate",
      title: ["firing rate", "(spikes per time step)"],
      values: [0, 0.5, 1],
      format: "~g",
      grid: true,
    }],
    marks: [
      {
        type: "rect",
        name: "rate-bars",
        from: { data: "rates" },
        encode: {
          enter: {
            x: { value: 0 },
            x2: { scale: "rate", field: "rate" },
            yc: { scale: "y", field: "neuron" },
            height: { value: bar },
            fill: { value: BLUE },
          },
        },
      },
      ...(neurons <= MOST_NUMBERS ? [rateNumbers(row)] : []),
    ],
  };
}

function rateNumbers(row: number): TextMark {
  return {
    type: "text",
    name: "rate-numbers",
    from: { data: "rates" },
    encode: {
      enter: {
        text: { field: "text" },
        x: { scale: "rate", field: "rate", offset: 5 },
        y: { scale: "y", field: "neuron" },
        baseline: { value: "middle" },
        fontSize: { value: Math.min(11, 0.8 * row) },
      },
    },
  };
}
