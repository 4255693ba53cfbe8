import type { CompiledLayer, Layer, LayerJson } from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import { formatShape, type Shape } from "../core/shape.ts";
import type { Signal } from "../core/signal.ts";
import { scaleGradient, stored } from "../feeds/stored.ts";
import { checkCount, checkFinite } from "../validate.ts";
import { gradientOverTime } from "../layers/gradient.ts";
import { newNumbers } from "../layers/new_numbers.ts";
import { type AttentionSize, outer, product } from "./products.ts";

/** Options of {@linkcode LinearAttention}. */
export interface LinearAttentionOptions {
  /**
   * What the products are multiplied by.
   *
   * @default {0.125}
   */
  scale?: number;
}

/**
 * Attention without softmax, at each time step: `[T, batch, 3 channels, tokens]` becomes
 * `[T, batch, channels, tokens]`. The channels that come in are queries Q, then keys K, then values V; each head
 * has `channels / numHeads` of each, `[width, tokens]`, and gives
 *
 * ```text
 * scale (V transpose(K)) Q
 * ```
 *
 * Of spikes all products are whole, so that nothing is lost by taking K and V together first: `width^2` sums over
 * tokens instead of `tokens^2` over channels. Source: Zhou et al., "Spikformer", ICLR 2023, whose scale is 0.125
 * whatever the width is. {@linkcode SpikingSelfAttention} is this with all that is around it.
 *
 * @example
 * ```ts
 * import { BatchNorm1d, Conv1d, LifNode, LinearAttention, Sequential } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const heads = new Sequential([
 *   new Conv1d(64, 3 * 64, { kernelSize: 1, bias: false }),
 *   new BatchNorm1d(3 * 64),
 *   new LifNode(),
 *   new LinearAttention(4),
 *   new LifNode({ vThreshold: 0.5 }),
 * ]);
 * assertEquals(heads.outputShape([64, 49]), [64, 49]);
 * ```
 */
export class LinearAttention implements Layer {
  /** The kind of layer. */
  readonly kind = "LinearAttention";
  /** How many heads share the channels. */
  readonly numHeads: number;
  /** What the products are multiplied by. */
  readonly scale: number;

  /**
   * Describes the layer.
   *
   * @param numHeads How many heads share the channels.
   * @param options What the products are multiplied by.
   * @throws {RangeError} If `numHeads` isn't an integer of at least 1, or the scale isn't finite.
   */
  constructor(numHeads: number, options: LinearAttentionOptions = {}) {
    const what = "Cannot create a LinearAttention layer";
    this.numHeads = checkCount(what, "numHeads", numHeads);
    this.scale = checkFinite(what, "scale", options.scale ?? 0.125);
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in: `[3 channels, tokens]`.
   * @returns `[channels, tokens]`.
   * @throws {RangeError} If it has another shape, or the heads can't share the channels.
   */
  outputShape(input: Shape): Shape {
    const [rows, tokens] = input;
    const what = "Cannot compile a LinearAttention layer";
    if (rows === undefined || tokens === undefined || input.length > 2) {
      throw new RangeError(
        `${what} as it takes samples of [3 channels, tokens]: it gets ${formatShape(input)}` +
          (input.length > 2 ? ", which Flatten with startDim 2 would turn into that" : ""),
      );
    }
    if (rows % (3 * this.numHeads) !== 0) {
      throw new RangeError(
        `${what} as queries, keys and values of ${this.numHeads} heads share the channels: ` +
          `${rows} isn't a multiple of ${3 * this.numHeads}`,
      );
    }
    return [rows / 3, tokens];
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The signal that comes in.
   * @returns Numbers, the same at each time step where the signal is.
   */
  async compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    const x = await stored(scope, input);
    const shape = this.outputShape(x.shape);
    const [channels = 0, tokens = 0] = shape;
    const { over } = x;
    const size: AttentionSize = { channels, tokens, width: channels / this.numHeads, over };
    const { scale } = this;
    // Rows of the signal.
    const [queries, keys, values] = [0, channels, 2 * channels];
    const matrix = (label: string) => newNumbers(scope, [channels, size.width], over, label);

    const memory = matrix("keys and values");
    const output = newNumbers(scope, shape, over, "attention");
    const [q, k, v] = [queries, keys, values].map((first) => ({ signal: x, first }));
    await outer(scope, "forward", size, { a: v!, b: k!, result: memory });
    await product(scope, "forward", size, {
      ...{ matrix: memory, b: q!, factor: scale, result: { signal: output, first: 0 } },
    });
    return {
      output,
      backward: async (gradient, needed) => {
        if (!needed) return undefined;
        const buffer = await gradientOverTime(scope, gradient, output);
        const g = { signal: { ...output, values: buffer }, first: 0 };
        const forMemory = matrix("gradient of keys and values");
        const back = newNumbers(scope, x.shape, over, "attention's gradient");
        const to = (first: number) => ({ signal: back, first });
        await outer(scope, "backward", size, { a: g, b: q!, factor: scale, result: forMemory });
        await product(scope, "backward", size, {
          ...{ matrix: memory, transposed: true, b: g, factor: scale, result: to(queries) },
        });
        await product(scope, "backward", size, {
          ...{ matrix: forMemory, transposed: true, b: v!, result: to(keys) },
        });
        await product(scope, "backward", size, { matrix: forMemory, b: k!, result: to(values) });
        await scaleGradient(scope, x, back.values);
        return {
          values: { over: over === "constant" ? "summed" : "time", buffer: back.values },
        };
      },
    };
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { kind, numHeads, scale } = this;
    return { kind, numHeads, scale };
  }

  /** What a summary calls it. */
  title(): string {
    return `LinearAttention, heads: ${this.numHeads}`;
  }
}
