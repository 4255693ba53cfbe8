import type { Axis, Mark, Scale } from "vega";
import { type Color, PALETTE_SIZE } from "./colors.ts";
import { extent, frame, sideSpace } from "./figure.ts";
import { pixelMark } from "./pixels.ts";

/** What a colour bar shows. */
export interface ColorBar {
  /** The quantity, with its unit. */
  title: string;
  low: number;
  high: number;
  palette: Color[];
  /** The plot's width; the bar is at its right. */
  x: number;
  height: number;
}

/** The least height of a colour bar with its title. */
export const LEAST_BAR = 104;

const GAP = 20;
const WIDTH = 16;

/**
 * Makes a colour bar: the palette upright, the highest value at the top, and an axis.
 *
 * @param bar What it shows.
 * @returns The parts of a figure, and the pixels that they take at the plot's right.
 */
export async function colorBar(
  bar: ColorBar,
): Promise<{ scale: Scale; axis: Axis; marks: Mark[]; space: number }> {
  const tickCount = Math.max(3, Math.floor(bar.height / 40));
  const labels = sideSpace(bar.low, bar.high, (bar.high - bar.low) / tickCount);
  const box = { x: bar.x + GAP, y: 0, width: WIDTH, height: bar.height };
  const values = Array.from({ length: PALETTE_SIZE }, (_, i) => PALETTE_SIZE - 1 - i);
  const pixels = await pixelMark({
    values,
    rows: PALETTE_SIZE,
    columns: 1,
    low: 0,
    high: PALETTE_SIZE - 1,
    palette: bar.palette,
  }, box);
  return {
    scale: {
      name: "color",
      type: "linear",
      domain: [bar.low, bar.high],
      range: [bar.height, 0],
      zero: false,
    },
    axis: {
      orient: "right",
      scale: "color",
      title: bar.title,
      offset: GAP + WIDTH,
      tickCount,
      ...extent(labels),
    },
    marks: [pixels, frame(box)],
    space: GAP + WIDTH + labels,
  };
}
