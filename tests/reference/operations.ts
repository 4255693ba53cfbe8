import {
  AvgPool2d,
  Conv1d,
  Conv2d,
  Linear,
  MaxPool2d,
  type Recording,
  Residual,
  Sequential,
  SumPool2d,
} from "../../mod.ts";
import { type Layer, NeuronLayer, type Shape, sizeOf } from "../../src/extend.ts";

/** What comes into a layer: numbers `[T][...shape]`, and whether they are spikes, be they added up. */
export interface Flow {
  readonly values: ArrayLike<number>;
  readonly shape: Shape;
  readonly spikes: boolean;
}

/** Operations of a layer, by its path. */
export type Operations = Map<string, { synaptic: number; products: number; updates: number }>;

/**
 * Counts what a network does for one sample in the plainest way: it goes over all outputs of each layer and all
 * weights that they have, and looks at what each is multiplied by.
 *
 * @param layer The network, or a part of it.
 * @param path Where it stands.
 * @param input What comes in.
 * @param recording What each of its layers gave.
 * @param operations Where the counts are added.
 * @returns What comes out.
 */
export function countByHand(
  layer: Layer,
  path: string,
  input: Flow,
  recording: Recording,
  operations: Operations,
): Flow {
  const inside = (inner: Layer, name: string, flow: Flow) =>
    countByHand(inner, `${path}.${name}`, flow, recording, operations);
  if (layer instanceof Sequential) {
    return layer.layers.reduce((flow, inner, i) => inside(inner, String(i), flow), input);
  }
  const inner = layer instanceof Residual ? inside(layer.inner, "inner", input) : undefined;
  const shape = layer.outputShape(input.shape);
  const recorded = recording.layers.find((each) => each.layer === path);
  // A layer that only passes a signal on has none of its own.
  const values = recorded?.spikes ?? recorded?.values ?? input.values;
  const size = sizeOf(shape);
  const timeSteps = input.values.length / sizeOf(input.shape);
  if (layer instanceof NeuronLayer) {
    add({ updates: timeSteps * size });
    return { values, shape, spikes: recorded?.spikes !== undefined };
  }
  if (layer instanceof Linear || layer instanceof Conv2d || layer instanceof Conv1d) {
    const inputs = input.values.length / timeSteps;
    let [synaptic, products] = [0, 0];
    for (let t = 0; t < timeSteps; t++) {
      forEachProduct(layer, input.shape, (place) => {
        if (input.spikes) synaptic += input.values[t * inputs + place]!;
        else products++;
      });
    }
    add({ synaptic, products });
    return { values, shape, spikes: false };
  }
  const keeps = layer instanceof MaxPool2d || layer instanceof SumPool2d
    ? input.spikes
    : inner
    ? inner.spikes && input.spikes
    : !(layer instanceof AvgPool2d) && input.spikes;
  return { values, shape, spikes: keeps };

  function add(more: { synaptic?: number; products?: number; updates?: number }) {
    const known = operations.get(path) ?? { synaptic: 0, products: 0, updates: 0 };
    known.synaptic += more.synaptic ?? 0;
    known.products += more.products ?? 0;
    known.updates += more.updates ?? 0;
    operations.set(path, known);
  }
}

/** Calls back for each weight of each output, with the place of the input that it multiplies. */
function forEachProduct(
  layer: Linear | Conv1d | Conv2d,
  input: Shape,
  product: (place: number) => void,
): void {
  if (layer instanceof Linear) {
    for (let o = 0; o < layer.outputs; o++) {
      for (let i = 0; i < layer.inputs; i++) product(i);
    }
    return;
  }
  const { inChannels, outChannels, groups, window } = layer;
  const { kernelSize, stride, dilation, padding } = window;
  const [height, width] = input.length === 3 ? [input[1]!, input[2]!] : [1, input[1]!];
  const output = layer.outputShape(input);
  const [outHeight, outWidth] = output.length === 3 ? [output[1]!, output[2]!] : [1, output[1]!];
  const zeros = (axis: 0 | 1) =>
    padding === "valid"
      ? 0
      : padding === "same"
      ? Math.floor(dilation[axis] * (kernelSize[axis] - 1) / 2)
      : padding[axis];
  for (let o = 0; o < outChannels; o++) {
    const group = Math.floor(o / (outChannels / groups));
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        for (let c = 0; c < inChannels / groups; c++) {
          for (let ky = 0; ky < kernelSize[0]; ky++) {
            for (let kx = 0; kx < kernelSize[1]; kx++) {
              const row = y * stride[0] - zeros(0) + ky * dilation[0];
              const column = x * stride[1] - zeros(1) + kx * dilation[1];
              if (row < 0 || row >= height || column < 0 || column >= width) continue;
              const channel = group * inChannels / groups + c;
              product((channel * height + row) * width + column);
            }
          }
        }
      }
    }
  }
}
