/**
 * The plane of accuracies against the epoch: its size, scales, axis of percents and lines.
 *
 * @module
 */

import type { Axis, EncodeEntry, LineMark, Scale } from "vega";
import { extent, sideSpace } from "./figure.ts";

/** The plane's width. */
export const WIDTH = 720;
/** The plane's height. */
export const HEIGHT = 360;
const TICKS = 8;
/** The percent axis shows at least so many percentage points. */
const LEAST_SPAN = 1;

/** A point of a line. */
export interface EpochPoint {
  /** The epoch, from 1 on. */
  readonly epoch: number;
  /** The accuracy. */
  readonly percent: number;
}

/** What the plane's figure needs. */
export interface EpochPlane {
  /** Space for the percents, at the left. */
  readonly left: number;
  /** The scales `x`, of epochs, and `y`, of percents. */
  readonly scales: Scale[];
  /** The axis of percents. */
  readonly percents: Axis;
}

/** Where a mark of an {@linkcode EpochPoint} is. */
export const PLACE: EncodeEntry = {
  x: { scale: "x", field: "epoch" },
  y: { scale: "y", field: "percent" },
};

/**
 * The points of a line.
 *
 * @param accuracies The accuracies, `[epochs]`, 0 to 1.
 * @returns A point for each.
 */
export function pointsOf(accuracies: ArrayLike<number>): EpochPoint[] {
  return Array.from(accuracies, (accuracy, i) => ({ epoch: i + 1, percent: 100 * accuracy }));
}

/**
 * The plane that shows all of some lines, and a little room.
 *
 * @param lines The points of each line.
 * @returns The plane.
 */
export function epochPlane(lines: readonly (readonly EpochPoint[])[]): EpochPlane {
  const percents = lines.flatMap((points) => points.map(({ percent }) => percent));
  const low = percents.reduce((a, b) => Math.min(a, b));
  const high = percents.reduce((a, b) => Math.max(a, b));
  const room = Math.max(0.06 * (high - low), (LEAST_SPAN - (high - low)) / 2);
  const domain = [Math.max(0, low - room), Math.min(100, high + room)] as [number, number];
  const epochs = Math.max(...lines.map(({ length }) => length));
  const left = sideSpace(...domain, (domain[1] - domain[0]) / TICKS);
  return {
    left,
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
    percents: {
      orient: "left",
      scale: "y",
      title: "accuracy (%)",
      tickCount: TICKS,
      grid: true,
      ...extent(left),
    },
  };
}

/**
 * A line of the plane.
 *
 * @param data Where its points are.
 * @param style How it is drawn.
 * @returns The mark.
 */
export function epochLine(data: string, style: EncodeEntry): LineMark {
  return {
    type: "line",
    from: { data },
    encode: { enter: { ...PLACE, strokeJoin: { value: "round" }, ...style } },
  };
}
