import { countElements, formatShape, type Tensor } from "../formats/tensor.ts";
import type { Sequential } from "../network/sequential.ts";

/** All that a training goes on from, between two steps. */
export interface TrainerState {
  /** Finished epochs. */
  readonly epoch: number;
  /** Steps done in the epoch under way; 0 between epochs. */
  readonly step: number;
  /** Steps of the optimizer, over all epochs. */
  readonly updates: number;
  /** What each step of the epoch under way reported: sums over its batch. */
  readonly batches: readonly BatchSums[];
  /** What is learned, by PyTorch's names: `layer.1.weight` `[outputs, inputs]` is that of layer 1. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** What the optimizer keeps of each, such as `layer.1.weight.first_moment`. */
  readonly optimizer: ReadonlyMap<string, Tensor>;
}

/** What a step reports of its batch. */
export interface BatchSums {
  /** The sum of the samples' losses. */
  readonly loss: number;
  /** How many samples were classified correctly. */
  readonly correct: number;
}

/** The numbers of each layer as on the device; undefined for those that learn nothing. */
export type LayerValues = readonly (Float32Array<ArrayBuffer> | undefined)[];

/**
 * Names the numbers of a network's layers.
 *
 * @param network The network.
 * @param values The numbers.
 * @param suffix What the names end in.
 * @returns The tensors.
 */
export function namedTensors(
  network: Sequential,
  values: LayerValues,
  suffix = "",
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  network.layers.forEach((layer, i) => {
    const own = values[i] && layer.tensorsOf?.(values[i]);
    for (const [name, tensor] of Object.entries(own ?? {})) {
      tensors.set(`layer.${i}.${name}${suffix}`, tensor);
    }
  });
  return tensors;
}

/**
 * The reverse of {@linkcode namedTensors}.
 *
 * @param network The network.
 * @param tensors The tensors, others among them.
 * @param suffix What the names end in.
 * @returns The numbers.
 * @throws {TypeError} If a tensor is missing, of another shape, or holds no floats.
 */
export function layerValues(
  network: Sequential,
  tensors: ReadonlyMap<string, Tensor>,
  suffix = "",
): LayerValues {
  return network.layers.map((layer, i) =>
    layer.valuesOf?.((own, shape) => {
      const name = `layer.${i}.${own}${suffix}`;
      const what = `Cannot restore the state of a training as its tensor "${name}"`;
      const tensor = tensors.get(name);
      if (!tensor) throw new TypeError(`${what} is missing`);
      const { data } = tensor;
      if (!(data instanceof Float32Array) || data.length !== countElements(shape)) {
        throw new TypeError(
          `${what} must be float32 ${formatShape(shape)}: it is ${data.constructor.name} ` +
            formatShape(tensor.shape),
        );
      }
      return data;
    })
  );
}
