import type { CompiledLayer } from "../core/layer.ts";
import type { Chain, Part, Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { NumberSignal } from "../core/signal.ts";
import { compileVariant } from "../core/variant.ts";
import { numbers, scaleGradient, stored } from "../feeds/stored.ts";
import { Conv1d, conv1dProduct } from "../layers/conv/conv1d.ts";
import { Conv2d, conv2dProduct } from "../layers/conv/conv2d.ts";
import { BatchNorm, normOf } from "../layers/norm/batch_norm.ts";
import { sumNumbers } from "../layers/norm/compile.ts";
import { mergeGradients, mergeStatistics, type Partials } from "../layers/norm/statistics.ts";
import { MaxPool2d } from "../layers/pool/max_pool2d.ts";
import { PRODUCT_VARIANTS } from "../layers/product/variants.ts";
import { NeuronLayer } from "../neurons/neuron_layer.ts";
import { compileWindow, fitsWindow, type WindowNorm } from "../neurons/window.ts";

/** What a block has: neurons, and a norm before them or a pool after them. */
interface Block {
  /** A convolution before the norm, whose numbers are then summed as they are computed. */
  readonly convolution: Conv1d | Conv2d | undefined;
  readonly norm: BatchNorm | undefined;
  readonly neurons: NeuronLayer;
  readonly pool: MaxPool2d | undefined;
  /** How many layers that are. */
  readonly count: number;
}

/**
 * Batch norm, neurons and max pool as one kernel each way: the current is written once and read once, and
 * neither normalised numbers nor the spikes before the pool ever reach memory. The sums of the norm are taken
 * where a convolution computes the numbers. A training step of SpikingJelly's CSNN takes 1.6 times as long without
 * it on llvmpipe, and 214 MB of the device instead of 68 (`bench/conv_bench.ts`).
 */
export const neuronBlock: Chain = {
  name: "norm, neurons and pool in one kernel",
  fits(layers, _input, { timeSteps }) {
    const block = blockOf(layers);
    if (!block || !block.norm && !block.pool) return 0;
    const fits = fitsWindow(block.neurons.describe(), sideOf(block.pool), timeSteps);
    return fits ? block.count : 0;
  },
  async compile(layers, scopes, input) {
    const block = blockOf(layers)!;
    const { convolution, norm, neurons, pool } = block;
    const scopeOf = (layer: Part) => scopes[layers.indexOf(layer)]!;
    const { mode } = scopes[0]!;
    const product = convolution && await compileVariant(
      PRODUCT_VARIANTS,
      {
        ...convolution instanceof Conv2d
          ? conv2dProduct(convolution, input.shape)
          : conv1dProduct(convolution, input.shape),
        sums: mode === "train",
      },
      input,
      scopeOf(convolution),
    );
    const own = product?.output ?? await stored(scopes[0]!, input);
    const current = await numbers(scopeOf(neurons), own);
    const statistics = norm &&
      await compileStatistics(scopeOf(norm), norm, current, product?.partials);
    const [channels, height, width] = planesOf(current.shape, norm !== undefined);
    const window = await compileWindow(scopeOf(neurons), neurons.describe(), current, {
      shape: {
        channels,
        height,
        width,
        pool: sideOf(pool),
        output: pool?.outputShape(current.shape) ?? current.shape,
      },
      ...statistics ? { norm: statistics } : {},
    });
    return {
      output: window.output,
      async backward(gradient, needed) {
        const back = await window.backward(gradient);
        if (product) return await product.backward(back, needed);
        await scaleGradient(scopeOf(neurons), own, current.values);
        return back;
      },
    } satisfies CompiledLayer;
  },
};

/** The layers of a block, if the first ones are one. */
function blockOf(layers: readonly Part[]): Block | undefined {
  let count = 0;
  const next = <L extends Part>(is: (layer: Part | undefined) => layer is L): L | undefined => {
    const layer = layers[count];
    if (!is(layer)) return undefined;
    count++;
    return layer;
  };
  const convolution = next((layer) => layer instanceof Conv2d || layer instanceof Conv1d);
  const norm = next((layer) => layer instanceof BatchNorm);
  if (convolution && !norm) return undefined;
  const neurons = next((layer) => layer instanceof NeuronLayer);
  if (!neurons) return undefined;
  const pool = next((layer): layer is MaxPool2d => layer instanceof MaxPool2d && isSquare(layer));
  return { convolution, norm, neurons, pool, count };
}

/** Whether a pool's windows are squares beside each other. */
function isSquare({ move: { kernelSize, stride, padding, ceilMode } }: MaxPool2d): boolean {
  const [side] = kernelSize;
  return [...kernelSize, ...stride].every((size) => size === side) &&
    padding.every((zeros) => zeros === 0) && !ceilMode;
}

const sideOf = (pool: MaxPool2d | undefined): number => pool?.move.kernelSize[0] ?? 1;

/** Channels, rows and columns; what has other dimensions than a picture is one of a row, or of a place. */
function planesOf(shape: Shape, normalised: boolean): [number, number, number] {
  if (shape.length === 3) return [shape[0]!, shape[1]!, shape[2]!];
  const size = sizeOf(shape);
  return normalised ? [shape[0]!, 1, size / shape[0]!] : [1, 1, size];
}

/** The norm of the current. */
async function compileStatistics(
  scope: Scope,
  layer: BatchNorm,
  current: NumberSignal,
  partials: Partials | undefined,
): Promise<WindowNorm> {
  const norm = normOf(layer, current.shape);
  const sums = scope.mode === "train"
    ? partials ?? await sumNumbers(scope, norm, current)
    : undefined;
  const affine = await mergeStatistics(scope, norm, sums);
  return {
    affine,
    gradientsOf: (partials) => mergeGradients(scope, norm, partials, affine),
  };
}
