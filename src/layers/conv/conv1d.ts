import type { CompiledLayer, Layer, LayerJson } from "../../core/layer.ts";
import { compileVariant } from "../../core/variant.ts";
import type { Scope } from "../../core/scope.ts";
import type { Shape } from "../../core/shape.ts";
import type { Signal } from "../../core/signal.ts";
import type { Declarations } from "../../core/tensor_spec.ts";
import { checkCount } from "../../validate.ts";
import type { Product } from "../product/product.ts";
import { PRODUCT_VARIANTS } from "../product/variants.ts";
import {
  checkConvolution,
  convolutionProduct,
  type ConvolutionSizes,
  declareConvolution,
} from "./convolution.ts";
import { convolutionFanOut } from "./fan_out.ts";
import { checkPadding, type ConvWindow, sizesOf, windowsOf } from "./window.ts";

/** Options of {@linkcode Conv1d}. */
export interface Conv1dOptions {
  /** Taps of the kernel. */
  kernelSize: number;
  /**
   * Places from one output to the next.
   *
   * @default {1}
   */
  stride?: number;
  /**
   * Zeros on each side; `"same"` has as many as keep the length, `"valid"` none.
   *
   * @default {0}
   */
  padding?: number | "same" | "valid";
  /**
   * Places from one tap to the next.
   *
   * @default {1}
   */
  dilation?: number;
  /**
   * Parts of the channels that have nothing to do with each other.
   *
   * @default {1}
   */
  groups?: number;
  /**
   * Whether a learned bias is added to each channel.
   *
   * @default {true}
   */
  bias?: boolean;
}

/**
 * A convolution along a line at each time step: `[T, batch, inChannels, length]` becomes
 * `[T, batch, outChannels, out length]`, with
 *
 * ```text
 * out length = floor((length + 2 padding - dilation (kernel size - 1) - 1) / stride) + 1
 * ```
 *
 * The line is a dimension of a sample, such as frequency; time is T. Options, defaults, first values and the
 * saved `weight` `[outChannels, inChannels / groups, kernelSize]` and `bias` are those of `torch.nn.Conv1d`.
 *
 * @example
 * ```ts
 * import { Conv1d } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new Conv1d(2, 16, { kernelSize: 5, stride: 2 });
 * assertEquals(layer.outputShape([2, 700]), [16, 348]);
 * ```
 */
export class Conv1d implements Layer {
  /** The kind of layer. */
  readonly kind = "Conv1d";
  /** Channels that come in. */
  readonly inChannels: number;
  /** Channels that come out. */
  readonly outChannels: number;
  /** How its kernel moves, over pictures of one row. */
  readonly window: ConvWindow;
  /** Parts of the channels that have nothing to do with each other. */
  readonly groups: number;
  /** Whether a bias is added. */
  readonly bias: boolean;

  /**
   * Describes the layer.
   *
   * @param inChannels Channels that come in.
   * @param outChannels Channels that come out.
   * @param options The kernel's size, and how it moves.
   * @throws {RangeError} If a number isn't an integer in its range, or the groups don't divide the channels.
   */
  constructor(inChannels: number, outChannels: number, options: Conv1dOptions) {
    const what = "Cannot create a Conv1d layer";
    this.inChannels = checkCount(what, "inChannels", inChannels);
    this.outChannels = checkCount(what, "outChannels", outChannels);
    const padding = checkPadding(what, options.padding ?? 0);
    this.window = {
      kernelSize: [1, checkCount(what, "kernelSize", options.kernelSize)],
      stride: [1, checkCount(what, "stride", options.stride ?? 1)],
      padding: typeof padding === "string" ? padding : [0, padding[1]],
      dilation: [1, checkCount(what, "dilation", options.dilation ?? 1)],
    };
    this.groups = checkCount(what, "groups", options.groups ?? 1);
    this.bias = options.bias ?? true;
    checkConvolution(what, this);
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in: `[inChannels, length]`.
   * @returns `[outChannels, out length]`.
   * @throws {RangeError} If it has another shape, or is shorter than the kernel.
   */
  outputShape(input: Shape): Shape {
    return conv1dProduct(this, input).output;
  }

  /**
   * Declares `weight` and, where there is one, `bias`.
   *
   * @param declarations Where to.
   */
  declare(declarations: Declarations): void {
    declareConvolution(declarations, this, [this.window.kernelSize[1]]);
  }

  /**
   * How many numbers of the output each number that comes in reaches: fewer at borders.
   *
   * @param input What a sample has that comes in.
   * @returns Synapses, `[...input]`.
   */
  fanOut(input: Shape): Uint32Array<ArrayBuffer> {
    return convolutionFanOut(this, conv1dSizes(this, input));
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The signal `[T, batch, inChannels, length]`.
   * @returns Numbers: the same at each time step if the input is.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    return compileVariant(PRODUCT_VARIANTS, conv1dProduct(this, input.shape), input, scope);
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { kind, inChannels, outChannels, window, groups, bias } = this;
    const { kernelSize: [, kernelSize], stride: [, stride], dilation: [, dilation] } = window;
    const padding = typeof window.padding === "string" ? window.padding : window.padding[1];
    return { kind, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias };
  }

  /** What a summary calls it. */
  title(): string {
    const { inChannels, outChannels, window, bias } = this;
    return `Conv1d ${inChannels} to ${outChannels}, ${window.kernelSize[1]}${
      bias ? "" : ", no bias"
    }`;
  }
}

/**
 * The matrix product that a layer is.
 *
 * @param layer The layer.
 * @param input What a sample has that comes in.
 * @returns The product.
 * @throws {RangeError} If it has another shape than the layer takes, or is smaller than the kernel.
 */
export function conv1dProduct(layer: Conv1d, input: Shape): Product {
  const sizes = conv1dSizes(layer, input);
  return convolutionProduct(layer, sizes, {
    input,
    output: [layer.outChannels, sizes.output[1]],
  });
}

/** Sizes of the lines that come in and go out, as pictures of one row. */
function conv1dSizes(layer: Conv1d, input: Shape): ConvolutionSizes {
  const what = `Cannot compile ${layer.title()}`;
  const [length] = sizesOf(what, input, layer.inChannels, ["length"]);
  const sizes = [1, length!] as const;
  return { input: sizes, output: windowsOf(what, layer.window, sizes) };
}
