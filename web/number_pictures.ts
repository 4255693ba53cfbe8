/**
 * Numbers as pictures: one colour for those below zero, such as weights that inhibit, one for those above, and
 * between them the colour of the paper.
 *
 * @module
 */
import { paintPixels } from "./pixels.ts";

/** Red, green, blue, 0 to 255. */
type Colour = readonly [red: number, green: number, blue: number];
/** The colours of the least number, of zero, and of the largest. */
export type Scale = readonly [below: Colour, zero: Colour, above: Colour];

/** How numbers are pictures. */
export interface Grid {
  /** Rows of a picture. */
  readonly height: number;
  /** Columns of a picture. */
  readonly width: number;
  /**
   * Pictures side by side.
   *
   * @default {All of them}
   */
  readonly columns?: number;
}

/**
 * The colours that the page has now.
 *
 * @returns The scale.
 */
export function scaleOfPage(): Scale {
  const style = getComputedStyle(document.documentElement);
  return [
    colourOf(style, "--inhibits"),
    colourOf(style, "--zero"),
    colourOf(style, "--excites"),
  ];
}

/**
 * How large numbers are that have the full colour.
 *
 * @param numbers The numbers.
 * @returns A size above 0.
 */
export function fullSize(numbers: Float32Array): number {
  const sizes = numbers.map(Math.abs).sort();
  // A few corners may be much larger than the rest.
  return Math.max(1e-6, sizes[Math.floor(0.995 * (sizes.length - 1))] ?? 0);
}

/**
 * Draws numbers as pictures in a grid, a pixel apart.
 *
 * @param canvas Where: it gets as many pixels as they have.
 * @param numbers Picture after picture, `[count][height][width]`.
 * @param grid How large they are.
 * @param full What has the full colour.
 * @param scale The colours.
 */
export function drawPictures(
  canvas: HTMLCanvasElement,
  numbers: Float32Array,
  { height, width, columns }: Grid,
  full: number,
  scale: Scale,
): void {
  const count = numbers.length / (height * width);
  const across = columns ?? count;
  const size = {
    width: across * (width + 1) - 1,
    height: Math.ceil(count / across) * (height + 1) - 1,
  };
  const [below, zero, above] = scale;
  paintPixels(size, (data) => {
    numbers.forEach((number, i) => {
      const picture = Math.floor(i / (height * width));
      const x = picture % across * (width + 1) + i % width;
      const y = Math.floor(picture / across) * (height + 1) + Math.floor(i / width) % height;
      const at = 4 * (y * size.width + x);
      const share = Math.min(1, Math.abs(number) / full);
      const end = number < 0 ? below : above;
      for (const c of [0, 1, 2] as const) data[at + c] = zero[c] + share * (end[c] - zero[c]);
      data[at + 3] = 255;
    });
  }, canvas);
}

/** The colour of a property that is registered as one: the browser writes `rgb(red, green, blue)`. */
function colourOf(style: CSSStyleDeclaration, property: string): Colour {
  const [red = 0, green = 0, blue = 0] =
    style.getPropertyValue(property).match(/[\d.]+/g)?.map(Number) ?? [];
  return [red, green, blue];
}
