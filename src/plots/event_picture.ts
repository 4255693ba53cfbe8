import { checkCount } from "../validate.ts";
import { checkBetween } from "./checks.ts";
import { scheme } from "./colors.ts";
import { pictureFigure } from "./picture_figure.ts";
import type { PlotOptions } from "./plot_options.ts";

/** Options of {@linkcode eventPicture}. */
export interface EventPictureOptions extends PlotOptions {
  /** Channels: 2, OFF and ON, or 1. */
  channels: number;
  /** Rows of the sensor. */
  height: number;
  /** Columns of the sensor. */
  width: number;
}

const WHAT = "Cannot plot events";

/** The longer side, in pixels. */
const SIZE = 280;

/**
 * Plots where a camera saw events: the ON events of each pixel less its OFF events, orange where the light
 * rose and blue where it fell. With one channel all events count alike.
 *
 * @param places The place of each event, an index into `[channels, height, width]`; channel 1 is ON.
 * @param options The shape.
 * @returns The text of an SVG.
 * @throws {RangeError} If a size isn't a count, there are more than 2 channels, or a place lies outside.
 *
 * @example
 * ```ts
 * import { eventPicture } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = await eventPicture([0, 5, 5], { channels: 2, height: 2, width: 2 });
 * assertStringIncludes(svg, "ON less OFF");
 * ```
 */
export async function eventPicture(
  places: ArrayLike<number>,
  options: EventPictureOptions,
): Promise<string> {
  const [channels, height, width] = (["channels", "height", "width"] as const)
    .map((name) => checkCount(WHAT, name, options[name])) as [number, number, number];
  if (channels > 2) {
    throw new RangeError(`${WHAT} as there are 1 or 2 channels: current value is ${channels}`);
  }
  const pixels = height * width;
  checkBetween(WHAT, "place", places, 0, channels * pixels - 1);
  const values = new Float64Array(pixels);
  for (let i = 0; i < places.length; i++) {
    const isOff = channels === 2 && places[i]! < pixels;
    values[places[i]! % pixels]! += isOff ? -1 : 1;
  }
  const high = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return await pictureFigure({
    values,
    count: 1,
    height,
    width,
    low: -high,
    high,
    palette: await scheme("blueorange"),
    columns: 1,
    side: SIZE,
    gap: 0,
    leastWidth: SIZE,
    title: options.title ?? "Events of each pixel",
    quantity: channels === 2 ? "ON less OFF" : "events",
  });
}
