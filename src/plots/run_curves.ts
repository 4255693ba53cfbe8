import type { LineMark } from "vega";
import { checkBetween } from "./checks.ts";
import { BLUE, VERMILION } from "./colors.ts";
import { BOTTOM_SPACE, countAxis, extent, figureSpec, frame, sideSpace } from "./figure.ts";
import type { PlotOptions } from "./plot_options.ts";
import { render } from "./render.ts";

const WHAT = "Cannot plot runs";
const WIDTH = 720;
const HEIGHT = 360;
const TICKS = 8;
/** The percent axis shows at least so many percentage points. */
const LEAST_SPAN = 1;

/**
 * Plots the accuracy of several runs against the epoch, a line for each: the first stands out.
 *
 * @param runs The accuracies of each run, `[epochs]` of its own, 0 to 1; the best run first.
 * @param options The title.
 * @returns The text of an SVG.
 * @throws {TypeError} If there are no runs, or one has no epochs.
 * @throws {RangeError} If an accuracy isn't between 0 and 1.
 *
 * @example
 * ```ts
 * import { runCurves } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = await runCurves([[0.89, 0.92], [0.85, 0.9, 0.91]]);
 * assertStringIncludes(svg, "best of 2 runs: 92.00 %");
 * ```
 */
export async function runCurves(
  runs: readonly ArrayLike<number>[],
  options: PlotOptions = {},
): Promise<string> {
  if (runs.length === 0 || runs.some(({ length }) => length === 0)) {
    const counts = runs.map(({ length }) => length).join(", ") || "none";
    throw new TypeError(
      `${WHAT} as there must be at least one, each of at least one epoch: current counts are ${counts}`,
    );
  }
  for (const run of runs) checkBetween(WHAT, "accuracy", run, 0, 1);
  const all = runs.map((run) => Array.from(run, (accuracy) => 100 * accuracy));
  const [low, high] = [all.flat().reduce((a, b) => Math.min(a, b)), Math.max(...all.flat())];
  const room = Math.max(0.06 * (high - low), (LEAST_SPAN - (high - low)) / 2);
  const domain = [Math.max(0, low - room), Math.min(100, high + room)] as [number, number];
  const left = sideSpace(...domain, (domain[1] - domain[0]) / TICKS);
  const epochs = Math.max(...all.map(({ length }) => length));
  const best = Math.max(...all[0]!).toFixed(2);
  return await render(figureSpec({
    title: options.title ?? "Accuracy of each run",
    subtitle: runs.length === 1 ? `one run: ${best} %` : `best of ${runs.length} runs: ${best} %`,
    width: WIDTH,
    height: HEIGHT,
    left,
    right: 0,
    bottom: BOTTOM_SPACE,
    data: all.map((run, i) => ({
      name: `run-${i}`,
      values: run.map((percent, epoch) => ({ epoch: epoch + 1, percent })),
    })),
    scales: [
      {
        name: "x",
        type: "linear",
        domain: epochs === 1 ? [0.5, 1.5] : [1, epochs],
        range: [0, WIDTH],
        zero: false,
      },
      { name: "y", type: "linear", domain, range: [HEIGHT, 0], zero: false },
    ],
    axes: [
      { ...countAxis("bottom", "epoch", WIDTH), grid: true },
      {
        orient: "left",
        scale: "y",
        title: "accuracy (%)",
        tickCount: TICKS,
        grid: true,
        ...extent(left),
      },
    ],
    // The first is drawn last, over all others.
    marks: [
      frame({ x: 0, y: 0, width: WIDTH, height: HEIGHT }),
      ...all.map((run, i) => line(i, run.length)).reverse(),
    ],
  }));
}

/** The line of a run; a single epoch has no line, but a dot. */
function line(run: number, epochs: number): LineMark {
  return {
    type: "line",
    from: { data: `run-${run}` },
    encode: {
      enter: {
        x: { scale: "x", field: "epoch" },
        y: { scale: "y", field: "percent" },
        stroke: { value: run === 0 ? VERMILION : BLUE },
        strokeWidth: { value: epochs === 1 ? 7 : run === 0 ? 2.5 : 1.5 },
        strokeOpacity: { value: run === 0 ? 1 : 0.45 },
        strokeCap: { value: "round" },
        strokeJoin: { value: "round" },
      },
    },
  };
}
