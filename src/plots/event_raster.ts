import { checkCount } from "../validate.ts";
import type { PlotOptions } from "./plot_options.ts";
import { spikeRaster } from "./spike_raster.ts";

/** Options of {@linkcode eventRaster}. */
export interface EventRasterOptions extends PlotOptions {
  /** What a sample has at one time step: `[700]`, or `[channels, height, width]`. */
  shape: readonly number[];
  /** T, the number of time steps. */
  timeSteps: number;
}

const WHAT = "Cannot plot events";

/**
 * Plots when the events of a sample are: of each place of a line, or of each row of a camera's channels. Those
 * of one step are one, and those after T are left out, as for a network.
 *
 * @param places The place of each event.
 * @param steps The time step of each event, from 0.
 * @param options What the places are.
 * @returns The text of an SVG.
 * @throws {RangeError} If a size isn't a count, or a place or a step is out of range.
 *
 * @example
 * ```ts
 * import { eventRaster } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = await eventRaster([3, 699], [0, 9], { shape: [700], timeSteps: 10 });
 * assertStringIncludes(svg, "Events");
 * ```
 */
export async function eventRaster(
  places: ArrayLike<number>,
  steps: ArrayLike<number>,
  { shape, timeSteps, title = "Events" }: EventRasterOptions,
): Promise<string> {
  checkCount(WHAT, "timeSteps", timeSteps);
  const size = shape.reduce((product, size) => product * checkCount(WHAT, "shape", size), 1);
  const width = shape.length > 1 ? shape.at(-1)! : 1;
  const rows = size / width;
  const spikes = new Uint8Array(timeSteps * rows);
  for (let i = 0; i < places.length; i++) {
    const [place, step] = [places[i]!, steps[i]!];
    if (
      !(Number.isInteger(place) && place >= 0 && place < size && Number.isInteger(step) &&
        step >= 0)
    ) {
      throw new RangeError(`${WHAT} as event ${i} is at place ${place} of ${size}, step ${step}`);
    }
    if (step < timeSteps) spikes[step * rows + Math.floor(place / width)] = 1;
  }
  return await spikeRaster(spikes, { timeSteps, neurons: rows, title });
}
