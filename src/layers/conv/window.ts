import { formatShape, type Shape } from "../../core/shape.ts";
import { checkCount } from "../../validate.ts";

/** A number for both directions, or one for each: `[height, width]`. */
export type Size2d = number | readonly [height: number, width: number];

/** Zeros around a picture, or how many follow: `"same"` keeps its size, `"valid"` are none. */
export type Padding2d = Size2d | "same" | "valid";

/** How a kernel moves over a picture: `[height, width]` each. */
export interface ConvWindow {
  /** Taps of the kernel. */
  readonly kernelSize: readonly [number, number];
  /** Places from one window to the next. */
  readonly stride: readonly [number, number];
  /** Zeros on each side of the picture, or how many follow. */
  readonly padding: readonly [number, number] | "same" | "valid";
  /** Places from one tap to the next. */
  readonly dilation: readonly [number, number];
}

/**
 * Checks a size of a window.
 *
 * @param what What can't be done otherwise, for messages.
 * @param name The option's name.
 * @param size What was given.
 * @param least What each number must be at least; 1 by default.
 * @returns Height and width.
 * @throws {RangeError} If it isn't one or two integers of at least `least`.
 */
export function checkSize(
  what: string,
  name: string,
  size: Size2d,
  least = 1,
): readonly [number, number] {
  if (typeof size === "number") {
    const checked = checkCount(what, name, size, least);
    return [checked, checked];
  }
  if (!Array.isArray(size) || size.length !== 2) {
    throw new RangeError(
      `${what} as ${name} must be a number or [height, width]: current value is ${
        JSON.stringify(size)
      }`,
    );
  }
  return [
    checkCount(what, `${name}[0]`, size[0], least),
    checkCount(what, `${name}[1]`, size[1], least),
  ];
}

/**
 * The zeros above and left of a picture.
 *
 * @param window The window.
 * @returns How many; with `"same"` those below and to the right may be one more.
 */
export function leadingZeros({ kernelSize, padding, dilation }: ConvWindow): [number, number] {
  const along = (i: 0 | 1) => {
    if (padding === "valid") return 0;
    if (padding === "same") return Math.floor(dilation[i] * (kernelSize[i] - 1) / 2);
    return padding[i];
  };
  return [along(0), along(1)];
}

/**
 * How many windows a picture has.
 *
 * @param what What can't be done otherwise, for messages.
 * @param window The window.
 * @param size The picture's height and width.
 * @returns Windows above and beside each other.
 * @throws {RangeError} If the kernel is larger than the picture with its zeros.
 */
export function windowsOf(
  what: string,
  { kernelSize, stride, padding, dilation }: ConvWindow,
  size: readonly [number, number],
): [number, number] {
  const along = (i: 0 | 1) => {
    if (padding === "same") return size[i];
    const zeros = padding === "valid" ? 0 : padding[i];
    const reach = dilation[i] * (kernelSize[i] - 1) + 1;
    const count = Math.floor((size[i] + 2 * zeros - reach) / stride[i]) + 1;
    if (count >= 1) return count;
    throw new RangeError(
      `${what} as its kernel reaches over ${reach} places, more than a picture of ` +
        `${formatShape(size)} and its zeros have: ${size[i] + 2 * zeros}`,
    );
  };
  return [along(0), along(1)];
}

/**
 * The sizes of samples of channels.
 *
 * @param what What can't be done otherwise, for messages.
 * @param input What a sample has.
 * @param channels Channels that it must have.
 * @param sizes Names of the dimensions after the channels, such as "height, width".
 * @returns The sizes after the channels.
 * @throws {RangeError} If it has another number of channels or of dimensions.
 */
export function sizesOf(
  what: string,
  input: Shape,
  channels: number,
  sizes: readonly string[],
): number[] {
  if (input.length === sizes.length + 1 && input[0] === channels) return input.slice(1);
  throw new RangeError(
    `${what} as it takes samples of [${[channels, ...sizes].join(", ")}]: it gets ` +
      formatShape(input),
  );
}

/**
 * Checks the zeros around a picture.
 *
 * @param what What can't be done otherwise, for messages.
 * @param padding What was given.
 * @returns How many above and beside, or how many follow.
 * @throws {RangeError} If it is neither `"same"` nor `"valid"` nor one or two integers of at least 0.
 */
export function checkPadding(what: string, padding: Padding2d): ConvWindow["padding"] {
  if (typeof padding !== "string") return checkSize(what, "padding", padding, 0);
  if (padding === "same" || padding === "valid") return padding;
  throw new RangeError(
    `${what} as padding must be a number, [height, width], "same" or "valid": current value is ` +
      `"${padding}"`,
  );
}

/** Says a size: "3 x 3". */
export const sizeText = ([height, width]: readonly [number, number]): string =>
  `${height} x ${width}`;
