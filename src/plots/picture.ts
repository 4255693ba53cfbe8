import { checkCount } from "../validate.ts";
import { checkBetween, checkValues } from "./checks.ts";
import { greys } from "./colors.ts";
import { figureSpec, frame } from "./figure.ts";
import { pixelMark } from "./pixels.ts";
import type { PlotOptions } from "./plot_options.ts";
import { render } from "./render.ts";

/** Options of {@linkcode picture}. */
export interface PictureOptions extends PlotOptions {
  /** Rows of pixels. */
  height: number;
  /** Pixels of a row. */
  width: number;
}

const WHAT = "Cannot plot a picture";

/** The longer side, in pixels. */
const SIZE = 280;

/**
 * Plots a grey picture, such as a network's input: 0 is black, 255 is white.
 *
 * @param pixels The pixels, `[height, width]`, 0 to 255.
 * @param options The picture's size.
 * @returns The text of an SVG.
 * @throws {TypeError} If there are more or fewer pixels.
 * @throws {RangeError} If a size isn't a count, or a pixel isn't between 0 and 255.
 *
 * @example
 * ```ts
 * import { picture } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = await picture(new Uint8Array([0, 255, 255, 0]), { height: 2, width: 2 });
 * assertStringIncludes(svg, "<image");
 * ```
 */
export async function picture(
  pixels: ArrayLike<number>,
  options: PictureOptions,
): Promise<string> {
  const height = checkCount(WHAT, "height", options.height);
  const width = checkCount(WHAT, "width", options.width);
  checkValues(WHAT, pixels, { height, width });
  checkBetween(WHAT, "pixel", pixels, 0, 255);

  const scale = SIZE / Math.max(height, width);
  const box = {
    x: 0,
    y: 0,
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const palette = greys();
  const image = await pixelMark(
    { values: pixels, rows: height, columns: width, low: 0, high: 255, palette },
    box,
  );
  return await render(figureSpec({
    title: options.title ?? "Picture",
    width: Math.max(SIZE, box.width),
    height: box.height,
    left: 0,
    right: 0,
    bottom: 0,
    marks: [image, frame(box)],
  }));
}
