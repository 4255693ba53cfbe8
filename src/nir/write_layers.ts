import type { Layer } from "../core/layer.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../formats/tensor.ts";
import { Conv1d } from "../layers/conv/conv1d.ts";
import { Conv2d } from "../layers/conv/conv2d.ts";
import { Dropout } from "../layers/dropout.ts";
import { Dropout2d } from "../layers/dropout2d.ts";
import { Flatten } from "../layers/flatten.ts";
import { Linear } from "../layers/linear/linear.ts";
import { AvgPool2d } from "../layers/pool/avg_pool2d.ts";
import { SumPool2d } from "../layers/pool/sum_pool2d.ts";
import { NeuronLayer } from "../neurons/mod.ts";
import type { NirNode } from "./graph.ts";
import { writeNeurons } from "./write_neurons.ts";
import type { Writing } from "./writing.ts";

/**
 * A layer as a node.
 *
 * @param writing What is written.
 * @param layer The layer.
 * @param shape What a sample has that comes in.
 * @returns The node; undefined of a layer that does nothing but in training.
 * @throws {TypeError} If NIR can't say it.
 */
export function writeLayer(writing: Writing, layer: Layer, shape: Shape): NirNode | undefined {
  if (layer instanceof NeuronLayer) return writeNeurons(writing, layer, shape);
  if (layer instanceof Dropout || layer instanceof Dropout2d) return undefined;
  if (layer instanceof Linear) {
    const weight = writing.parameter("weight");
    if (!layer.bias) return { type: "Linear", parameters: { weight } };
    return { type: "Affine", parameters: { weight, bias: writing.parameter("bias") } };
  }
  if (layer instanceof Conv1d || layer instanceof Conv2d) {
    return writeConvolution(writing, layer, shape);
  }
  if (layer instanceof AvgPool2d || layer instanceof SumPool2d) return writePool(writing, layer);
  if (layer instanceof Flatten) {
    const parameters = {
      input_type: ints(...shape),
      start_dim: int(layer.startDim - 1),
      end_dim: int(-1),
    };
    return { type: "Flatten", parameters };
  }
  throw writing.fail(
    "is a kind of layer that NIR has no node for: it has those of Linear, Conv1d, Conv2d, " +
      "SumPool2d, AvgPool2d, Flatten and neurons",
  );
}

function writeConvolution(writing: Writing, layer: Conv1d | Conv2d, shape: Shape): NirNode {
  const isLine = layer instanceof Conv1d;
  const { stride, padding, dilation } = layer.window;
  // A line is one row.
  const sizes = (pair: readonly [number, number]) => isLine ? int(pair[1]) : ints(...pair);
  return {
    type: layer.kind,
    parameters: {
      input_shape: isLine ? int(shape[1]!) : ints(...shape.slice(1)),
      weight: writing.parameter("weight"),
      stride: sizes(stride),
      padding: typeof padding === "string" ? padding : sizes(padding),
      dilation: sizes(dilation),
      groups: int(layer.groups),
      // NIR has no convolutions without.
      bias: layer.bias
        ? writing.parameter("bias")
        : { shape: [layer.outChannels], data: new Float32Array(layer.outChannels) },
    },
  };
}

function writePool(writing: Writing, layer: AvgPool2d | SumPool2d): NirNode {
  const { kernelSize, stride, padding, ceilMode, countIncludePad } = layer.move;
  if (ceilMode) throw writing.fail("has ceilMode, which NIR can't say");
  if (countIncludePad === false && padding.some((size) => size > 0)) {
    throw writing.fail("leaves its padding out of the mean, which NIR can't say: countIncludePad");
  }
  const parameters = {
    kernel_size: ints(...kernelSize),
    stride: ints(...stride),
    padding: ints(...padding),
  };
  return { type: layer.kind, parameters };
}

const int = (value: number): Tensor => ({ shape: [], data: BigInt64Array.of(BigInt(value)) });

/**
 * Sizes as NIR's writers have them.
 *
 * @param values The sizes.
 * @returns Integers of 64 bits.
 */
export function ints(...values: number[]): Tensor {
  return { shape: [values.length], data: BigInt64Array.from(values, BigInt) };
}
