import type { Convolution, ConvolutionSizes } from "./convolution.ts";
import { leadingZeros } from "./window.ts";

/**
 * How many numbers of a convolution's output each number that comes in reaches: under all taps, those windows
 * that exist. At borders, and between the windows of a stride, they are fewer.
 *
 * @param convolution The convolution.
 * @param sizes Of the pictures.
 * @returns Synapses, `[inChannels][height][width]`.
 */
export function convolutionFanOut(
  { inChannels, outChannels, groups, window }: Convolution,
  { input, output }: ConvolutionSizes,
): Uint32Array<ArrayBuffer> {
  const [padY, padX] = leadingZeros(window);
  const down = windowsAt(0, padY);
  const across = windowsAt(1, padX);
  const plane = down.flatMap((rows) => across.map((columns) => rows * columns));
  const fanOut = new Uint32Array(inChannels * plane.length);
  for (let channel = 0; channel < inChannels; channel++) {
    fanOut.set(plane.map((windows) => windows * outChannels / groups), channel * plane.length);
  }
  return fanOut;

  /** Windows that have a row or a column under one of their taps. */
  function windowsAt(axis: 0 | 1, pad: number): number[] {
    const counts = new Array<number>(input[axis]).fill(0);
    for (let out = 0; out < output[axis]; out++) {
      for (let tap = 0; tap < window.kernelSize[axis]; tap++) {
        const at = out * window.stride[axis] - pad + tap * window.dilation[axis];
        if (at >= 0 && at < input[axis]) counts[at]!++;
      }
    }
    return counts;
  }
}
