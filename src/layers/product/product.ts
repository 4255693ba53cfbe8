/**
 * Matrix products: what a Linear layer and a convolution have in common. Their kernels are the same,
 * `kernels/linear/{forward,gradient,input_gradient}.wgsl`; a map says which numbers a row multiplies.
 *
 * @module
 */

import type { Shape } from "../../core/shape.ts";
import type { TemplateValues } from "../../gpu/template.ts";

/** Lines of a picture on which neighbours have their outputs beside each other: no stride, and no dilation. */
export interface ProductLine {
  /** Lines of a sample of the input. */
  readonly lines: number;
  /** Places of a line. */
  readonly places: number;
  /** Places of a line of the output. */
  readonly outputPlaces: number;
  /** Taps of a line of the kernel. */
  readonly taps: number;
  /** Zeros before a line. */
  readonly padding: number;
}

/** A matrix product, as its kernels need to know it. */
export interface Product {
  /** The kind of layer, for messages. */
  readonly kind: string;
  /** What the names of its kernels begin with. */
  readonly prefix: string;
  /** Where the numbers of a row are: WGSL, and the values that it takes. */
  readonly map: { readonly text: string; readonly values: TemplateValues };
  /** Whether the features of a row lie one after the other, as those of a Linear layer. */
  readonly contiguous: boolean;
  /** Whether some features of a row may lie beyond an edge. */
  readonly padded: boolean;
  /** Whether a place of the input may be under fewer than all taps. */
  readonly backPadded: boolean;
  /** What a sample has that comes in. */
  readonly input: Shape;
  /** What a sample has that comes out. */
  readonly output: Shape;
  /** Rows of a sample on the way forward: places of the output. */
  readonly outputPlaces: number;
  /** Rows of a sample on the way back: places of the input. */
  readonly inputPlaces: number;
  /** Taps of the kernel. */
  readonly taps: number;
  /** Lines whose neighbours share what they load, where there are any. */
  readonly line?: ProductLine;
  /**
   * Where the kernel moves by more than a place: into how many parts places of the input fall, each under taps of
   * its own; nothing if a line or a column isn't whole steps.
   */
  readonly phases?: number;
  /** Features under a tap, of one group. */
  readonly tapFeatures: number;
  /** Parts of the features, each of which belongs to as many of the outputs. */
  readonly groups: number;
  /** Outputs of a row, those of all groups. */
  readonly outputs: number;
  /** Whether a bias is added. */
  readonly bias: boolean;
  /**
   * Whether the numbers of each output are summed, for a batch norm after it.
   *
   * @default {false}
   */
  readonly sums?: boolean;
}
