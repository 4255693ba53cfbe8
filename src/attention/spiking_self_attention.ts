import { LifNode, type LifNodeOptions } from "../neurons/lif_node.ts";
import { checkCount } from "../validate.ts";
import { Conv1d } from "../layers/conv/conv1d.ts";
import { BatchNorm1d } from "../layers/norm/batch_norm.ts";
import { Sequential } from "../layers/sequential.ts";
import { LinearAttention } from "./linear_attention.ts";

/** Options of {@linkcode SpikingSelfAttention}. */
export interface SpikingSelfAttentionOptions {
  /**
   * How many heads share the channels.
   *
   * @default {8}
   */
  numHeads?: number;
  /**
   * What the products of queries, keys and values are multiplied by.
   *
   * @default {0.125}
   */
  scale?: number;
  /**
   * Options of all its neurons.
   *
   * @default {`detachReset: true`, and `vThreshold: 0.5` of those after the attention}
   */
  neurons?: LifNodeOptions;
}

/**
 * Self-attention of spikes, `[T, batch, dim, tokens]` to as many: queries, keys and values are spikes, so there is
 * no softmax. It is a Sequential of
 *
 * ```text
 * Conv1d(dim, 3 dim) - BatchNorm1d - LifNode      queries, keys and values
 * LinearAttention - LifNode                       the heads
 * Conv1d(dim, dim) - BatchNorm1d - LifNode        what they give, together
 * ```
 *
 * with convolutions of one token and no bias. Source: Zhou et al., "Spikformer", ICLR 2023; layers, options and
 * defaults are those of SpikingJelly's `SpikingSelfAttention`, but for the surrogate, which is `atan`.
 *
 * @example
 * ```ts
 * import { Residual, SpikingSelfAttention } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * // A block of a transformer adds what it gives to what it gets.
 * const block = new Residual(new SpikingSelfAttention(64, { numHeads: 4 }));
 * assertEquals(block.outputShape([64, 49]), [64, 49]);
 * ```
 */
export class SpikingSelfAttention extends Sequential {
  /**
   * Describes the layers.
   *
   * @param dim Channels of a token.
   * @param options How many heads there are, and their neurons.
   * @throws {RangeError} If the heads can't share the channels, or an option is out of range.
   */
  constructor(dim: number, options: SpikingSelfAttentionOptions = {}) {
    const what = "Cannot create a SpikingSelfAttention layer";
    const { numHeads = 8, scale, neurons = {} } = options;
    checkCount(what, "dim", dim);
    checkCount(what, "numHeads", numHeads);
    if (dim % numHeads !== 0) {
      throw new RangeError(`${what} as ${dim} channels aren't a multiple of ${numHeads} heads`);
    }
    const lif = (own: LifNodeOptions = {}) =>
      new LifNode({ detachReset: true, ...own, ...neurons });
    const normed = (outputs: number) => [
      new Conv1d(dim, outputs, { kernelSize: 1, bias: false }),
      new BatchNorm1d(outputs),
    ];
    super([
      ...normed(3 * dim),
      lif(),
      new LinearAttention(numHeads, scale === undefined ? {} : { scale }),
      lif({ vThreshold: 0.5 }),
      ...normed(dim),
      lif(),
    ]);
  }
}
