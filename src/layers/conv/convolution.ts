/**
 * What convolutions of one and of two dimensions have in common: a matrix product whose map says which
 * places of a picture are under the kernel. A signal in one dimension is a picture of one row.
 *
 * @module
 */

import * as conv from "../../../kernels/conv/mod.ts";
import type { Random } from "../../core/random.ts";
import type { Shape } from "../../core/shape.ts";
import type { Declarations, TensorOrder } from "../../core/tensor_spec.ts";
import type { Product } from "../product/product.ts";
import { type ConvWindow, leadingZeros } from "./window.ts";

/** A convolution of pictures, `[channels, height, width]`. */
export interface Convolution {
  /** The kind of layer, for messages. */
  readonly kind: string;
  /** Channels that come in. */
  readonly inChannels: number;
  /** Channels that come out. */
  readonly outChannels: number;
  /** How its kernel moves. */
  readonly window: ConvWindow;
  /** Parts of the channels that have nothing to do with each other. */
  readonly groups: number;
  /** Whether a bias is added. */
  readonly bias: boolean;
}

/** Sizes of pictures that come in and go out, `[height, width]`. */
export interface ConvolutionSizes {
  /** Those that come in. */
  readonly input: readonly [number, number];
  /** Those that go out. */
  readonly output: readonly [number, number];
}

/**
 * Checks the channels of a convolution.
 *
 * @param what What can't be done otherwise, for messages.
 * @param convolution The convolution, its numbers checked.
 * @throws {RangeError} If the groups don't divide the channels, or `"same"` has a stride.
 */
export function checkConvolution(what: string, convolution: Convolution): void {
  const { inChannels, outChannels, groups, window } = convolution;
  for (const [name, channels] of Object.entries({ inChannels, outChannels })) {
    if (channels % groups === 0) continue;
    throw new RangeError(
      `${what} as groups must divide ${name}, ${channels}: current value is ${groups}`,
    );
  }
  if (window.padding === "same" && window.stride.some((stride) => stride !== 1)) {
    throw new RangeError(
      `${what} as stride must be 1 with the padding "same": current value is ` +
        JSON.stringify(window.stride),
    );
  }
}

/**
 * Declares `weight` and, where there is one, `bias` `[outChannels]`. On the device they are one buffer, weights
 * `[kernel height][kernel width][channels of a group][outChannels]` first.
 *
 * Both start uniform in +-1 / sqrt(fan in), as in PyTorch.
 *
 * @param declarations Where to.
 * @param convolution The convolution.
 * @param kernel The last dimensions of `weight`: `[kernel height, kernel width]` or `[kernel width]`.
 */
export function declareConvolution(
  declarations: Declarations,
  { inChannels, outChannels, groups, bias }: Convolution,
  kernel: Shape,
): void {
  const channels = inChannels / groups;
  const taps = kernel.reduce((product, size) => product * size, 1);
  const bound = 1 / Math.sqrt(channels * taps);
  const draw = (count: number) => (random: Random) =>
    Float32Array.from({ length: count }, () => random.uniform(-bound, bound));
  declarations.parameters("weight", {
    tensors: {
      weight: {
        shape: [outChannels, channels, ...kernel],
        init: draw(outChannels * channels * taps),
        order: tapsFirst(outChannels, channels, taps),
      },
      ...bias ? { bias: { shape: [outChannels], init: draw(outChannels) } } : {},
    },
  });
}

/**
 * The matrix product that a convolution is.
 *
 * @param convolution The convolution.
 * @param sizes Of the pictures.
 * @param shapes What a sample has that comes in and goes out.
 * @returns The product.
 */
export function convolutionProduct(
  convolution: Convolution,
  sizes: ConvolutionSizes,
  shapes: { readonly input: Shape; readonly output: Shape },
): Product {
  const { kind, inChannels, outChannels, window, groups, bias } = convolution;
  const [height, width] = sizes.input;
  const [outHeight, outWidth] = sizes.output;
  const [kernelHeight, kernelWidth] = window.kernelSize;
  const [strideY, strideX] = window.stride;
  const [dilationY, dilationX] = window.dilation;
  const [padY, padX] = leadingZeros(window);
  const channels = inChannels / groups;
  const reaches = (out: number, stride: number, pad: number, kernel: number, dilation: number) =>
    (out - 1) * stride - pad + (kernel - 1) * dilation;
  const padded = padY > 0 || padX > 0 ||
    reaches(outHeight, strideY, padY, kernelHeight, dilationY) >= height ||
    reaches(outWidth, strideX, padX, kernelWidth, dilationX) >= width;
  const pointwise = kernelHeight * kernelWidth === 1 && outHeight === height &&
    outWidth === width && !padded;
  return {
    kind,
    prefix: "conv",
    map: {
      text: conv.map,
      values: {
        height,
        width,
        outHeight,
        outWidth,
        kernelHeight,
        kernelWidth,
        strideY,
        strideX,
        padY,
        padX,
        dilationY,
        dilationX,
        channels,
      },
    },
    contiguous: false,
    padded,
    backPadded: !pointwise,
    input: shapes.input,
    output: shapes.output,
    outputPlaces: outHeight * outWidth,
    inputPlaces: height * width,
    taps: kernelHeight * kernelWidth,
    ...strideX === 1 && dilationX === 1 && kernelWidth > 1
      ? {
        line: {
          lines: height,
          places: width,
          outputPlaces: outWidth,
          taps: kernelWidth,
          padding: padX,
        },
      }
      : {},
    ...strideY * strideX > 1 && dilationY === 1 && dilationX === 1 && height % strideY === 0 &&
        width % strideX === 0
      ? { phases: strideY * strideX }
      : {},
    tapFeatures: channels,
    groups,
    outputs: outChannels,
    bias,
  };
}

/** The order `[taps][channels][outputs]` of a tensor `[outputs, channels, taps]`. */
function tapsFirst(outputs: number, channels: number, taps: number): TensorOrder {
  const places = (move: (torch: number, device: number) => void) => {
    for (let o = 0; o < outputs; o++) {
      for (let c = 0; c < channels; c++) {
        for (let k = 0; k < taps; k++) {
          move((o * channels + c) * taps + k, (k * channels + c) * outputs + o);
        }
      }
    }
  };
  const moved = (
    values: ArrayLike<number>,
    from: (torch: number, device: number) => [target: number, source: number],
  ) => {
    const result = new Float32Array(values.length);
    places((torch, device) => {
      const [target, source] = from(torch, device);
      result[target] = values[source]!;
    });
    return result;
  };
  return {
    toDevice: (values) => moved(values, (torch, device) => [device, torch]),
    toFile: (values) => moved(values, (torch, device) => [torch, device]),
  };
}
