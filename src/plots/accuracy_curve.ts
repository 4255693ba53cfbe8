import type { EncodeEntry, LineMark, Mark, SymbolMark } from "vega";
import { checkBetween } from "./checks.ts";
import { BLUE, INK, VERMILION } from "./colors.ts";
import { BOTTOM_SPACE, countAxis, extent, figureSpec, frame, sideSpace } from "./figure.ts";
import type { PlotOptions } from "./plot_options.ts";
import { render } from "./render.ts";

/** The accuracies that {@linkcode accuracyCurve} plots. */
export interface Accuracies {
  /** Of the training images, one number for each epoch, 0 to 1. */
  train: ArrayLike<number>;
  /** Of the test images, one number for each epoch, 0 to 1; without, there is no such line. */
  test?: ArrayLike<number>;
}

/** A line of the plot. */
interface Curve {
  readonly name: string;
  readonly color: string;
  readonly values: readonly { epoch: number; percent: number }[];
}

const WHAT = "Cannot plot accuracies";

const WIDTH = 720;
const HEIGHT = 360;
const TICKS = 8;

/** Where the key's entries are. */
const KEY_Y = -14;
const KEY_STEP = 80;

/** More epochs than this have no room for a dot each. */
const MOST_DOTS = 50;

/** The percent axis shows at least so many percentage points. */
const LEAST_SPAN = 1;

/**
 * Plots accuracy against epoch, and marks the best epoch: that of the highest test accuracy, or
 * training accuracy where there are no others.
 *
 * @param accuracies The accuracies, `[epochs]`.
 * @param options The title.
 * @returns The text of an SVG.
 * @throws {TypeError} If there are no epochs, or the two arrays differ in length.
 * @throws {RangeError} If an accuracy isn't between 0 and 1.
 *
 * @example
 * ```ts
 * import { accuracyCurve } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = await accuracyCurve({ train: [0.85, 0.91], test: [0.89, 0.92] });
 * assertStringIncludes(svg, "best test accuracy 92.00 % in epoch 2");
 * ```
 */
export async function accuracyCurve(
  accuracies: Accuracies,
  options: PlotOptions = {},
): Promise<string> {
  const { train, test } = accuracies;
  const epochs = train.length;
  if (epochs === 0) {
    throw new TypeError(`${WHAT} as there must be at least one epoch: current count is 0`);
  }
  checkBetween(WHAT, "training accuracy", train, 0, 1);
  if (test !== undefined) {
    if (test.length !== epochs) {
      throw new TypeError(
        `${WHAT} as there must be as many test as training accuracies: ` +
          `current counts are ${test.length} and ${epochs}`,
      );
    }
    checkBetween(WHAT, "test accuracy", test, 0, 1);
  }

  const curves = [curve("train", BLUE, train)];
  if (test !== undefined) curves.push(curve("test", VERMILION, test));
  const last = curves.at(-1)!;
  const best = last.values.reduce((most, value) => value.percent > most.percent ? value : most);
  const domain = percentDomain(curves);
  const left = sideSpace(...domain, (domain[1] - domain[0]) / TICKS);

  return await render(figureSpec({
    title: options.title ?? "Accuracy",
    subtitle: `best ${last.name === "test" ? "test" : "training"} accuracy ${
      best.percent.toFixed(2)
    } % in epoch ${best.epoch}`,
    width: WIDTH,
    height: HEIGHT,
    left,
    right: 8,
    bottom: BOTTOM_SPACE,
    top: 12,
    data: [
      ...curves.map(({ name, values }) => ({ name, values: [...values] })),
      { name: "best", values: [best] },
    ],
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
      countAxis("bottom", "epoch", WIDTH),
      {
        orient: "left",
        scale: "y",
        title: "accuracy (%)",
        tickCount: TICKS,
        grid: true,
        ...extent(left),
      },
    ],
    marks: [
      frame({ x: 0, y: 0, width: WIDTH, height: HEIGHT }),
      ...curves.map(line),
      ...(epochs <= MOST_DOTS ? curves.map(dots) : []),
      ring("best", { x: { scale: "x", field: "epoch" }, y: { scale: "y", field: "percent" } }),
      ...key(curves),
    ],
  }));
}

function curve(name: string, color: string, accuracies: ArrayLike<number>): Curve {
  const values = Array.from(accuracies, (accuracy, i) => ({
    epoch: i + 1,
    percent: 100 * accuracy,
  }));
  return { name, color, values };
}

/** What the percent axis shows: all there is, and a little room. */
function percentDomain(curves: readonly Curve[]): [number, number] {
  const percents = curves.flatMap(({ values }) => values.map(({ percent }) => percent));
  const low = percents.reduce((a, b) => Math.min(a, b));
  const high = percents.reduce((a, b) => Math.max(a, b));
  const room = Math.max(0.06 * (high - low), (LEAST_SPAN - (high - low)) / 2);
  return [Math.max(0, low - room), Math.min(100, high + room)];
}

function line({ name, color }: Curve): LineMark {
  return {
    type: "line",
    from: { data: name },
    encode: {
      enter: {
        x: { scale: "x", field: "epoch" },
        y: { scale: "y", field: "percent" },
        stroke: { value: color },
        strokeWidth: { value: 2 },
        strokeJoin: { value: "round" },
      },
    },
  };
}

function dots({ name, color }: Curve): SymbolMark {
  return {
    type: "symbol",
    name: `${name}-dots`,
    from: { data: name },
    encode: {
      enter: {
        x: { scale: "x", field: "epoch" },
        y: { scale: "y", field: "percent" },
        size: { value: 26 },
        fill: { value: color },
      },
    },
  };
}

/** The key to the lines, above the right end of the plot. */
function key(curves: readonly Curve[]): Mark[] {
  const entries = [
    ...curves.map(({ name, color }) => ({ name, color })),
    { name: "best epoch", color: INK },
  ].map((entry, i) => ({ ...entry, x: WIDTH - 92 - KEY_STEP * (curves.length - i) }));
  return entries.flatMap(({ name, color, x }): Mark[] => [
    name === "best epoch" ? ring(undefined, { x: { value: x }, y: { value: KEY_Y } }) : {
      type: "rule",
      encode: {
        enter: {
          x: { value: x - 12 },
          x2: { value: x + 12 },
          y: { value: KEY_Y },
          stroke: { value: color },
          strokeWidth: { value: 3 },
        },
      },
    },
    {
      type: "text",
      encode: {
        enter: {
          text: { value: name },
          x: { value: x + 18 },
          y: { value: KEY_Y },
          baseline: { value: "middle" },
        },
      },
    },
  ]);
}

function ring(data: string | undefined, place: EncodeEntry): SymbolMark {
  return {
    type: "symbol",
    ...(data === undefined ? {} : { name: "best-ring", from: { data } }),
    encode: {
      enter: {
        ...place,
        size: { value: 140 },
        stroke: { value: INK },
        strokeWidth: { value: 2 },
      },
    },
  };
}
