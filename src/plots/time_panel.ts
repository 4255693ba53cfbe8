import type { Axis, Scale } from "vega";
import { BOTTOM_SPACE, countAxis, sideSpace } from "./figure.ts";

/** The panel of neurons over time, which the raster and the heat map share. */
export interface TimePanel {
  width: number;
  height: number;
  /** Space for the axis at the left. */
  left: number;
  /** Space for the axis at the bottom. */
  bottom: number;
  /** The scales `x` and `y`: the middle of a cell is at its whole numbers. */
  scales: Scale[];
  axes: Axis[];
}

const WIDTH = 560;
const ROW = 26;
const LEAST_HEIGHT = 130;
const MOST_HEIGHT = 480;

/**
 * Lays out a panel with time steps from left to right and neurons from top to bottom.
 *
 * @param timeSteps T.
 * @param neurons N.
 * @returns The panel.
 */
export function timePanel(timeSteps: number, neurons: number): TimePanel {
  const height = Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, neurons * ROW));
  const left = sideSpace(0, neurons - 1);
  return {
    width: WIDTH,
    height,
    left,
    bottom: BOTTOM_SPACE,
    scales: [
      { name: "x", type: "linear", domain: [-0.5, timeSteps - 0.5], range: [0, WIDTH] },
      { name: "y", type: "linear", domain: [-0.5, neurons - 0.5], range: [0, height] },
    ],
    axes: [
      countAxis("bottom", "time step", WIDTH),
      countAxis("left", "neuron", height, left),
    ],
  };
}

/**
 * Turns time steps of neurons into neurons over time.
 *
 * @param values The values, `[T, N]`.
 * @param timeSteps T.
 * @param neurons N.
 * @returns The values, `[N, T]`.
 */
export function transpose(
  values: ArrayLike<number>,
  timeSteps: number,
  neurons: number,
): Float64Array {
  const result = new Float64Array(values.length);
  for (let t = 0; t < timeSteps; t++) {
    for (let n = 0; n < neurons; n++) result[n * timeSteps + t] = values[t * neurons + n]!;
  }
  return result;
}
