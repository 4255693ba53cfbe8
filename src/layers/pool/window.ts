import { formatShape, type Shape } from "../../core/shape.ts";
import { checkCount } from "../../validate.ts";
import { checkSize, type Size2d, sizeText } from "../conv/window.ts";

/** How the windows of a pool lie over each channel of a sample: `[height, width]` each. */
export interface PoolWindow {
  /** How many channels there are. */
  readonly channels: number;
  /** A channel's size; that of a line is `[1, length]`. */
  readonly size: readonly [number, number];
  /** How many windows it has. */
  readonly windows: readonly [number, number];
  /** A window's size. */
  readonly kernelSize: readonly [number, number];
  /** Places from one window to the next. */
  readonly stride: readonly [number, number];
  /** Places around a channel that windows reach over; they hold nothing. */
  readonly padding: readonly [number, number];
  /** Whether a mean counts them, as zeros. */
  readonly countsPadding: boolean;
}

/** How the windows of a pool move, as its options say. */
export interface PoolMove extends Pick<PoolWindow, "kernelSize" | "stride" | "padding"> {
  /** Whether a last window may reach beyond the padding. */
  readonly ceilMode?: boolean;
  /** Whether a mean counts the padding, as zeros. */
  readonly countIncludePad?: boolean;
}

/**
 * Checks how windows of planes move.
 *
 * @param what What can't be done otherwise, for messages.
 * @param kernelSize A window's size.
 * @param stride Places from one window to the next.
 * @param padding Places around a plane.
 * @returns Height and width of each.
 * @throws {RangeError} If one isn't integers in their range, or the padding is more than half a window.
 */
export function checkMove(
  what: string,
  kernelSize: Size2d,
  stride: Size2d = kernelSize,
  padding: Size2d = 0,
): Pick<PoolMove, "kernelSize" | "stride" | "padding"> {
  const move = {
    kernelSize: checkSize(what, "kernelSize", kernelSize),
    stride: checkSize(what, "stride", stride),
    padding: checkSize(what, "padding", padding, 0),
  };
  if (move.padding.some((zeros, i) => 2 * zeros > move.kernelSize[i]!)) {
    throw new RangeError(
      `${what} as padding must be at most half of kernelSize, ${sizeText(move.kernelSize)}: ` +
        `current value is ${sizeText(move.padding)}`,
    );
  }
  return move;
}

/**
 * Checks how windows of lines move.
 *
 * @param what What can't be done otherwise, for messages.
 * @param kernelSize A window's length.
 * @param stride Places from one window to the next.
 * @param padding Places at both ends.
 * @returns The same over planes of one row.
 * @throws {RangeError} If one isn't an integer in its range, or the padding is more than half a window.
 */
export function checkLineMove(
  what: string,
  kernelSize: number,
  stride: number = kernelSize,
  padding = 0,
): Pick<PoolMove, "kernelSize" | "stride" | "padding"> {
  return checkMove(
    what,
    [1, checkCount(what, "kernelSize", kernelSize)],
    [1, checkCount(what, "stride", stride)],
    [0, checkCount(what, "padding", padding, 0)],
  );
}

/**
 * How windows of lines move, as their options say it.
 *
 * @param move How they move over planes of one row.
 * @returns A number each.
 */
export function lineMove({ kernelSize, stride, padding, ...others }: PoolMove): {
  kernelSize: number;
  stride: number;
  padding: number;
  ceilMode?: boolean;
  countIncludePad?: boolean;
} {
  return { kernelSize: kernelSize[1], stride: stride[1], padding: padding[1], ...others };
}

/**
 * The channels of a sample and their size.
 *
 * @param what What can't be done otherwise, for messages.
 * @param input What a sample has.
 * @param sizes Names of the dimensions after the channels.
 * @returns The channels and the height and width of each; a line is one row.
 * @throws {RangeError} If it has another number of dimensions.
 */
export function planesOf(
  what: string,
  input: Shape,
  sizes: readonly string[],
): Pick<PoolWindow, "channels" | "size"> {
  if (input.length !== sizes.length + 1) {
    throw new RangeError(
      `${what} as it takes samples of [${["channels", ...sizes].join(", ")}]: it gets ` +
        formatShape(input),
    );
  }
  const [channels, first, second] = input as [number, number, number?];
  return { channels, size: second === undefined ? [1, first] : [first, second] };
}

/**
 * How windows lie over a sample, as PyTorch's pools count them.
 *
 * @param what What can't be done otherwise, for messages.
 * @param move How the windows move.
 * @param planes The sample's channels.
 * @returns The windows.
 * @throws {RangeError} If a plane with its padding is smaller than a window.
 */
export function windowOver(
  what: string,
  { kernelSize, stride, padding, ceilMode = false, countIncludePad = true }: PoolMove,
  { channels, size }: Pick<PoolWindow, "channels" | "size">,
): PoolWindow {
  const along = (i: 0 | 1) => {
    const spare = size[i] + 2 * padding[i] - kernelSize[i];
    const count = (ceilMode ? Math.ceil : Math.floor)(spare / stride[i]) + 1;
    // A window that begins behind the plane, in the padding or beyond, doesn't count.
    const counts = ceilMode && (count - 1) * stride[i] >= size[i] + padding[i] ? count - 1 : count;
    if (counts >= 1) return counts;
    throw new RangeError(
      `${what} as its window is larger than what comes in with its padding, ` +
        `${sizeText([size[0] + 2 * padding[0], size[1] + 2 * padding[1]])}`,
    );
  };
  return {
    channels,
    size,
    windows: [along(0), along(1)],
    kernelSize,
    stride,
    padding,
    countsPadding: countIncludePad,
  };
}

/**
 * Windows as values of the kernels in `kernels/pool/`.
 *
 * @param window The windows.
 * @returns The values.
 */
export function windowValues(window: PoolWindow): Record<string, number> {
  const { channels, size, windows, kernelSize, stride, padding, countsPadding } = window;
  const [top, left] = countsPadding ? [0, 0] : padding;
  return {
    channels,
    height: size[0],
    width: size[1],
    outHeight: windows[0],
    outWidth: windows[1],
    kernelHeight: kernelSize[0],
    kernelWidth: kernelSize[1],
    strideHeight: stride[0],
    strideWidth: stride[1],
    paddingHeight: padding[0],
    paddingWidth: padding[1],
    // What a mean counts.
    countedTop: top,
    countedBottom: size[0] + 2 * padding[0] - top,
    countedLeft: left,
    countedRight: size[1] + 2 * padding[1] - left,
  };
}
