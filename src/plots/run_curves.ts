import { checkBetween } from "./checks.ts";
import { BLUE, VERMILION } from "./colors.ts";
import { epochLine, epochPlane, HEIGHT, pointsOf, WIDTH } from "./epoch_plane.ts";
import { BOTTOM_SPACE, countAxis, figureSpec, frame } from "./figure.ts";
import type { PlotOptions } from "./plot_options.ts";
import { render } from "./render.ts";

const WHAT = "Cannot plot runs";

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
  const lines = runs.map(pointsOf);
  const { percents, ...plane } = epochPlane(lines);
  const best = Math.max(...lines[0]!.map(({ percent }) => percent)).toFixed(2);
  return await render(figureSpec({
    title: options.title ?? "Accuracy of each run",
    subtitle: runs.length === 1 ? `one run: ${best} %` : `best of ${runs.length} runs: ${best} %`,
    ...plane,
    width: WIDTH,
    height: HEIGHT,
    right: 0,
    bottom: BOTTOM_SPACE,
    data: lines.map((values, i) => ({ name: `run-${i}`, values })),
    axes: [{ ...countAxis("bottom", "epoch", WIDTH), grid: true }, percents],
    // The first is drawn last, over all others.
    marks: [
      frame({ x: 0, y: 0, width: WIDTH, height: HEIGHT }),
      ...lines.map((line, i) =>
        epochLine(`run-${i}`, {
          stroke: { value: i === 0 ? VERMILION : BLUE },
          // A single epoch has no line, but a dot.
          strokeWidth: { value: line.length === 1 ? 7 : i === 0 ? 2.5 : 1.5 },
          strokeOpacity: { value: i === 0 ? 1 : 0.45 },
          strokeCap: { value: "round" },
        })
      ).reverse(),
    ],
  }));
}
