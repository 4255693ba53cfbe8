import type { DecodedPng } from "fast-png";
import type { PngHeader } from "./png_header.ts";

/** What of a picture its grey values follow from. */
type Samples = Pick<DecodedPng, "data" | "palette" | "transparency">;

/** How bright a colour is, by ITU-R BT.601 as in most programs. */
function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/**
 * Turns a picture's samples into shades of grey; what is transparent shows the ground.
 *
 * @param samples The samples, rows of them beginning with a byte of their own, the palette, and
 * the colour that is transparent.
 * @param header What the samples are.
 * @param ground The ground's grey value, 0 to 255.
 * @returns The grey values, 0 to 255: `[height * width]`; undefined if one isn't in the palette.
 */
export function greyOf(
  { data, palette, transparency }: Samples,
  { width, height, depth, channels, indexed }: PngHeader,
  ground: number,
): Uint8Array<ArrayBuffer> | undefined {
  const most = 2 ** depth - 1;
  const bytesPerRow = Math.ceil(width * depth / 8);
  const isColour = channels >= 3;
  const hasAlpha = channels % 2 === 0;
  const pixels = new Uint8Array(width * height);
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    let place = pixel * channels;
    let first = data[place]!;
    if (depth < 8) {
      const column = pixel % width;
      const bit = column * depth;
      place = (pixel - column) / width * bytesPerRow + (bit >> 3);
      first = data[place]! >> (8 - depth - bit % 8) & most;
    }
    if (indexed) {
      const colour = palette?.[first];
      if (!colour) return undefined;
      const [red = 0, green = 0, blue = 0, alpha = 255] = colour;
      pixels[pixel] = Math.round((luma(red, green, blue) * alpha + ground * (255 - alpha)) / 255);
      continue;
    }
    const [second, third] = [data[place + 1]!, data[place + 2]!];
    const isTransparent = transparency?.[0] === first &&
      (!isColour || (transparency[1] === second && transparency[2] === third));
    const alpha = hasAlpha ? data[place + channels - 1]! / most : isTransparent ? 0 : 1;
    const grey = isColour ? luma(first, second, third) : first;
    pixels[pixel] = Math.round(255 * alpha * grey / most + ground * (1 - alpha));
  }
  return pixels;
}
