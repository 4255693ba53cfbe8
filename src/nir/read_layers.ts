import type { Layer } from "../core/layer.ts";
import { sameShape } from "../core/shape.ts";
import { formatShape, type Tensor } from "../formats/tensor.ts";
import { Conv1d } from "../layers/conv/conv1d.ts";
import { Conv2d } from "../layers/conv/conv2d.ts";
import { Flatten } from "../layers/flatten.ts";
import { Linear } from "../layers/linear/linear.ts";
import { AvgPool2d } from "../layers/pool/avg_pool2d.ts";
import { SumPool2d } from "../layers/pool/sum_pool2d.ts";
import { NEURONS } from "./read_neurons.ts";
import { floats, type Reading, sizes } from "./reading.ts";

/** A layer and what it has learned. */
export interface ReadLayer {
  readonly layer: Layer;
  /** Its tensors by their names in the layer. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * The layer of a node.
 *
 * @param reading The node.
 * @returns The layer; undefined of a node that does nothing.
 * @throws {TypeError} If no layer does exactly what the node says.
 */
export function readLayer(reading: Reading): ReadLayer | undefined {
  const { node, fail } = reading;
  switch (node.type) {
    case "Linear":
    case "Affine":
      return readLinear(reading);
    case "Conv1d":
    case "Conv2d":
      return readConvolution(reading);
    case "AvgPool2d":
      return { layer: new AvgPool2d(...poolOf(reading)), tensors: {} };
    case "SumPool2d":
      return { layer: new SumPool2d(...poolOf(reading)), tensors: {} };
    case "Flatten":
      return readFlatten(reading);
    case "Delay":
      if (floats(reading, "delay").data.every((delay) => delay === 0)) return undefined;
      throw fail("delays what comes in: no layer does");
  }
  const neurons = NEURONS[node.type];
  if (neurons) return { layer: neurons(reading), tensors: {} };
  throw fail("has no counterpart here: no layer does the same");
}

function readLinear(reading: Reading): ReadLayer {
  const weight = floats(reading, "weight");
  if (weight.shape.length !== 2) {
    throw reading.fail(
      `has weights of ${formatShape(weight.shape)}: they must have two dimensions, [out, in]`,
    );
  }
  const [outputs, inputs] = weight.shape as [number, number];
  const bias = reading.node.type === "Affine" ? { bias: floats(reading, "bias") } : {};
  return {
    layer: new Linear(inputs, outputs, { bias: "bias" in bias }),
    tensors: { weight, ...bias },
  };
}

function readConvolution(reading: Reading): ReadLayer {
  const { node, shape, fail } = reading;
  const isLine = node.type === "Conv1d";
  const rank = isLine ? 1 : 2;
  if ("input_shape" in node.parameters) {
    const own = sizes(reading, "input_shape", rank);
    if (!sameShape(own, shape.slice(1))) {
      throw fail(`takes pictures of ${formatShape(own)}, but ${formatShape(shape)} comes in`);
    }
  }
  const weight = floats(reading, "weight");
  const bias = floats(reading, "bias");
  // Files have a bias always: one of zeros is none.
  const hasBias = bias.data.some((value) => value !== 0);
  const [groups] = sizes(reading, "groups", 1) as [number];
  const padding = node.parameters["padding"];
  const [outChannels, partChannels, ...kernelSize] = weight.shape as [number, number, ...number[]];
  const pairOr = <T>(values: readonly T[]) => (isLine ? values[0]! : values) as never;
  const options = {
    kernelSize: pairOr(kernelSize),
    stride: pairOr(sizes(reading, "stride", rank)),
    padding: typeof padding === "string"
      ? padding as "same"
      : pairOr(sizes(reading, "padding", rank)),
    dilation: pairOr(sizes(reading, "dilation", rank)),
    groups,
    bias: hasBias,
  };
  const Convolution = isLine ? Conv1d : Conv2d;
  return {
    layer: new Convolution(partChannels * groups, outChannels, options),
    tensors: { weight, ...hasBias ? { bias } : {} },
  };
}

function poolOf(reading: Reading) {
  const pair = (name: string) => sizes(reading, name, 2) as [number, number];
  return [pair("kernel_size"), { stride: pair("stride"), padding: pair("padding") }] as const;
}

function readFlatten(reading: Reading): ReadLayer {
  const { shape, fail } = reading;
  const rank = shape.length;
  const [start, end] = ["start_dim", "end_dim"].map((name) => sizes(reading, name, 1)[0]!);
  const from = (dim: number) => dim < 0 ? dim + rank : dim;
  if (from(start!) < 0 || from(end!) !== rank - 1 || from(start!) > from(end!)) {
    throw fail(
      `flattens dimensions ${start} to ${end} of ${formatShape(shape)}: it must flatten the last`,
    );
  }
  return { layer: new Flatten({ startDim: from(start!) + 1 }), tensors: {} };
}
