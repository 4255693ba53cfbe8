import type { Mark } from "vega";
import type { Color } from "./colors.ts";
import { frame } from "./figure.ts";
import { pixelMark } from "./pixels.ts";

/** Pictures of one size, and how they are arranged. */
export interface PictureGrid {
  /** Their pixels, `[count, height, width]`. */
  values: ArrayLike<number>;
  count: number;
  height: number;
  width: number;
  /** The value of the palette's first colour. */
  low: number;
  /** The value of the palette's last colour. */
  high: number;
  palette: Color[];
  /** Pictures of a row, unless there are fewer. */
  columns: number;
  /** The longer side of a picture, in pixels of the plot. */
  side: number;
  /** The pixels of the plot between two pictures. */
  gap: number;
  /** What is written above a picture; nothing without. */
  nameOf?: (picture: number) => string;
}

/** What a name takes above a picture. */
const LABEL = 20;
/** Pictures that are narrower than this can't be seen. */
const LEAST = 4;

/**
 * Arranges pictures in rows.
 *
 * @param grid The pictures.
 * @returns Their marks, and the pixels that all of them take.
 */
export async function pictureGrid(
  grid: PictureGrid,
): Promise<{ marks: Mark[]; width: number; height: number }> {
  const { values, count, height, width, low, high, palette, side, gap, nameOf } = grid;
  const label = nameOf ? LABEL : 0;
  const scale = side / Math.max(height, width);
  const cell = {
    width: Math.max(LEAST, Math.round(width * scale)),
    height: Math.max(LEAST, Math.round(height * scale)),
  };
  // A name may be wider than its picture.
  const step = (nameOf ? side : cell.width) + gap;
  const columns = Math.min(grid.columns, count);
  const rows = Math.ceil(count / columns);
  const all = Array.from(values);
  const pictures = Array.from({ length: count }, async (_, picture): Promise<Mark[]> => {
    const x = picture % columns * step;
    const y = Math.floor(picture / columns) * (label + cell.height + gap) + label;
    const box = { ...cell, x, y };
    const pixels = all.slice(picture * height * width, (picture + 1) * height * width);
    return [
      ...nameOf ? [text(nameOf(picture), x, y - 6)] : [],
      await pixelMark({ values: pixels, rows: height, columns: width, low, high, palette }, box),
      frame(box),
    ];
  });
  return {
    marks: (await Promise.all(pictures)).flat(),
    width: columns * step - gap,
    height: rows * (label + cell.height + gap) - gap,
  };
}

function text(text: string, x: number, y: number): Mark {
  return {
    type: "text",
    encode: { enter: { text: { value: text }, x: { value: x }, y: { value: y } } },
  };
}
