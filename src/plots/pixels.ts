import type { ImageMark } from "vega";
import { importFastPng } from "../packages.ts";
import { type Color, PALETTE_SIZE } from "./colors.ts";

/** Values as pixels. */
export interface Pixels {
  /** The values, `[rows, columns]`. */
  values: ArrayLike<number>;
  rows: number;
  columns: number;
  /** The value of the palette's first colour. */
  low: number;
  /** The value of the palette's last colour. */
  high: number;
  palette: Color[];
}

/** Where an image goes. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Makes a picture with one pixel for each value: rectangles would be too many for a browser.
 *
 * @param pixels The values and their colours.
 * @param box Where the picture goes.
 * @returns The mark.
 */
export async function pixelMark(pixels: Pixels, box: Box): Promise<ImageMark> {
  const { values, rows, columns, low, high, palette } = pixels;
  const { encode } = await importFastPng();
  const last = PALETTE_SIZE - 1;
  const data = Uint8Array.from(values, (value) => Math.round((value - low) / (high - low) * last));
  const png = encode({ width: columns, height: rows, data, depth: 8, channels: 1, palette });
  // Below half a pixel, the nearest value alone would say too little.
  const smooth = box.width * 2 < columns || box.height * 2 < rows;
  return {
    type: "image",
    encode: {
      enter: {
        url: { value: `data:image/png;base64,${png.toBase64()}` },
        x: { value: box.x },
        y: { value: box.y },
        width: { value: box.width },
        height: { value: box.height },
        aspect: { value: false },
        smooth: { value: smooth },
      },
    },
  };
}
