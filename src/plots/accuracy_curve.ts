import type { EncodeEntry, Mark, SymbolMark } from "vega";
import { checkBetween } from "./checks.ts";
import { BLUE, INK, VERMILION } from "./colors.ts";
import {
  epochLine,
  epochPlane,
  type EpochPoint,
  HEIGHT,
  PLACE,
  pointsOf,
  WIDTH,
} from "./epoch_plane.ts";
import { BOTTOM_SPACE, countAxis, figureSpec, frame } from "./figure.ts";
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
  readonly values: readonly EpochPoint[];
}

const WHAT = "Cannot plot accuracies";

/** Where the key's entries are. */
const KEY_Y = -14;
const KEY_STEP = 80;

/** More epochs than this have no room for a dot each. */
const MOST_DOTS = 50;

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

  const curves: Curve[] = [{ name: "train", color: BLUE, values: pointsOf(train) }];
  if (test !== undefined) {
    curves.push({ name: "test", color: VERMILION, values: pointsOf(test) });
  }
  const last = curves.at(-1)!;
  const best = last.values.reduce((most, value) => value.percent > most.percent ? value : most);
  const { percents, ...plane } = epochPlane(curves.map(({ values }) => values));

  return await render(figureSpec({
    title: options.title ?? "Accuracy",
    subtitle: `best ${last.name === "test" ? "test" : "training"} accuracy ${
      best.percent.toFixed(2)
    } % in epoch ${best.epoch}`,
    ...plane,
    width: WIDTH,
    height: HEIGHT,
    right: 8,
    bottom: BOTTOM_SPACE,
    top: 12,
    data: [
      ...curves.map(({ name, values }) => ({ name, values: [...values] })),
      { name: "best", values: [best] },
    ],
    axes: [countAxis("bottom", "epoch", WIDTH), percents],
    marks: [
      frame({ x: 0, y: 0, width: WIDTH, height: HEIGHT }),
      ...curves.map(({ name, color }) =>
        epochLine(name, { stroke: { value: color }, strokeWidth: { value: 2 } })
      ),
      ...(epochs <= MOST_DOTS ? curves.map(dots) : []),
      ring("best", PLACE),
      ...key(curves),
    ],
  }));
}

function dots({ name, color }: Curve): SymbolMark {
  return {
    type: "symbol",
    name: `${name}-dots`,
    from: { data: name },
    encode: {
      enter: {
        ...PLACE,
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
