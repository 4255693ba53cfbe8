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

/** So many numbers tell how large most are: to sort all of a hundred pictures takes 12 ms, most of a frame. */
const ASKED = 8192;

/**
 * How large numbers are that have the full colour.
 *
 * @param numbers The numbers.
 * @returns A size above 0.
 */
export function fullSize(numbers: Float32Array): number {
  const every = Math.ceil(numbers.length / ASKED) || 1;
  const sizes = new Float32Array(Math.ceil(numbers.length / every));
  for (let i = 0; i < sizes.length; i++) sizes[i] = Math.abs(numbers[i * every]!);
  sizes.sort();
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
    let i = 0;
    for (let picture = 0; picture < count; picture++) {
      const left = picture % across * (width + 1);
      const top = Math.floor(picture / across) * (height + 1);
      for (let y = top; y < top + height; y++) {
        let at = 4 * (y * size.width + left);
        for (let x = 0; x < width; x++, i++, at += 4) {
          const number = numbers[i]!;
          const share = Math.min(1, Math.abs(number) / full);
          const end = number < 0 ? below : above;
          data[at] = zero[0] + share * (end[0] - zero[0]);
          data[at + 1] = zero[1] + share * (end[1] - zero[1]);
          data[at + 2] = zero[2] + share * (end[2] - zero[2]);
          data[at + 3] = 255;
        }
      }
    }
  }, canvas);
}

/** The colour of a property that is registered as one: the browser writes `rgb(red, green, blue)`. */
function colourOf(style: CSSStyleDeclaration, property: string): Colour {
  const [red = 0, green = 0, blue = 0] =
    style.getPropertyValue(property).match(/[\d.]+/g)?.map(Number) ?? [];
  return [red, green, blue];
}
