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
import {
  checkPadding,
  checkSize,
  type ConvWindow,
  type Padding2d,
  type Size2d,
  sizesOf,
  sizeText,
  windowsOf,
} from "./window.ts";

/** Options of {@linkcode Conv2d}. */
export interface Conv2dOptions {
  /** Taps of the kernel. */
  kernelSize: Size2d;
  /**
   * Places from one output to the next.
   *
   * @default {1}
   */
  stride?: Size2d;
  /**
   * Zeros on each side of the picture; `"same"` has as many as keep its size, `"valid"` none.
   *
   * @default {0}
   */
  padding?: Padding2d;
  /**
   * Places from one tap to the next.
   *
   * @default {1}
   */
  dilation?: Size2d;
  /**
   * Parts of the channels that have nothing to do with each other: with as many as there are channels, each
   * has a kernel of its own (depthwise).
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
 * A convolution of pictures at each time step: `[T, batch, inChannels, height, width]` becomes
 * `[T, batch, outChannels, out height, out width]`, with
 *
 * ```text
 * out size = floor((size + 2 padding - dilation (kernel size - 1) - 1) / stride) + 1
 * ```
 *
 * Options, defaults, first values and the saved `weight` `[outChannels, inChannels / groups, ...kernelSize]` and
 * `bias` are those of `torch.nn.Conv2d`; only zeros can be around a picture.
 *
 * Its kernels are those of `Linear`, with a map of the places under the kernel. A picture that is the same at
 * each time step is convolved once.
 *
 * @example
 * ```ts
 * import { Conv2d, IfNode, Sequential } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const network = new Sequential([
 *   new Conv2d(1, 32, { kernelSize: 3, padding: 1, bias: false }),
 *   new IfNode(),
 * ]);
 * assertEquals(network.outputShape([1, 28, 28]), [32, 28, 28]);
 * ```
 */
export class Conv2d implements Layer {
  /** The kind of layer. */
  readonly kind = "Conv2d";
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

  /**
   * Describes the layer.
   *
   * @param inChannels Channels that come in.
   * @param outChannels Channels that come out.
   * @param options The kernel's size, and how it moves.
   * @throws {RangeError} If a number isn't an integer in its range, or the groups don't divide the channels.
   */
  constructor(inChannels: number, outChannels: number, options: Conv2dOptions) {
    const what = "Cannot create a Conv2d layer";
    this.inChannels = checkCount(what, "inChannels", inChannels);
    this.outChannels = checkCount(what, "outChannels", outChannels);
    this.window = {
      kernelSize: checkSize(what, "kernelSize", options.kernelSize),
      stride: checkSize(what, "stride", options.stride ?? 1),
      padding: checkPadding(what, options.padding ?? 0),
      dilation: checkSize(what, "dilation", options.dilation ?? 1),
    };
    this.groups = checkCount(what, "groups", options.groups ?? 1);
    this.bias = options.bias ?? true;
    checkConvolution(what, this);
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in: `[inChannels, height, width]`.
   * @returns `[outChannels, out height, out width]`.
   * @throws {RangeError} If it has another shape, or is smaller than the kernel.
   */
  outputShape(input: Shape): Shape {
    return conv2dProduct(this, input).output;
  }

  /**
   * Declares `weight` and, where there is one, `bias`.
   *
   * @param declarations Where to.
   */
  declare(declarations: Declarations): void {
    declareConvolution(declarations, this, this.window.kernelSize);
  }

  /**
   * How many numbers of the output each number that comes in reaches: fewer at borders.
   *
   * @param input What a sample has that comes in.
   * @returns Synapses, `[...input]`.
   */
  fanOut(input: Shape): Uint32Array<ArrayBuffer> {
    return convolutionFanOut(this, conv2dSizes(this, input));
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The signal `[T, batch, inChannels, height, width]`.
   * @returns Numbers: the same at each time step if the input is.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    return compileVariant(PRODUCT_VARIANTS, conv2dProduct(this, input.shape), input, scope);
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { kind, inChannels, outChannels, window, groups, bias } = this;
    return { kind, inChannels, outChannels, ...window, groups, bias };
  }

  /** What a summary calls it. */
  title(): string {
    const { inChannels, outChannels, window, bias } = this;
    return `Conv2d ${inChannels} to ${outChannels}, ${sizeText(window.kernelSize)}` +
      `${bias ? "" : ", no bias"}`;
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
export function conv2dProduct(layer: Conv2d, input: Shape): Product {
  const sizes = conv2dSizes(layer, input);
  return convolutionProduct(layer, sizes, {
    input,
    output: [layer.outChannels, ...sizes.output],
  });
}

/** Sizes of the pictures that come in and go out. */
function conv2dSizes(layer: Conv2d, input: Shape): ConvolutionSizes {
  const what = `Cannot compile ${layer.title()}`;
  const [height, width] = sizesOf(what, input, layer.inChannels, ["height", "width"]);
  const sizes = [height!, width!] as const;
  return { input: sizes, output: windowsOf(what, layer.window, sizes) };
}
