import type { ImageDataset } from "../../datasets/image_dataset.ts";
import { Dropout } from "../../layers/dropout.ts";
import { Flatten } from "../../layers/flatten.ts";
import type { Layer } from "../../layers/layer.ts";
import { Linear } from "../../layers/linear.ts";
import { Sequential } from "../../network/sequential.ts";
import { type LifNodeOptions, type NeuronLayer, neurons } from "../../neurons/mod.ts";
import { type Surrogate, surrogates } from "../../surrogate/mod.ts";
import type { TrainOptions } from "../options/options.ts";

/**
 * Builds the network that the options describe: Flatten; for each hidden layer Linear, neurons and
 * Dropout; Linear and neurons for the classes. Without hidden layers there is no bias. Without
 * neurons, the values of the last Linear are the output.
 *
 * @param options The command's options.
 * @param data The size of the images, and their classes.
 * @returns The network.
 */
export function buildNetwork(
  options: TrainOptions,
  data: Pick<ImageDataset, "height" | "width" | "classes">,
): Sequential {
  const { hidden, neuron, dropout, loss } = options;
  const bias = hidden.length > 0;
  const layers: Layer[] = [new Flatten()];
  let features = data.height * data.width;
  for (const size of hidden) {
    layers.push(new Linear(features, size, { bias }), buildNeurons(options));
    if (dropout > 0) layers.push(new Dropout(dropout));
    features = size;
  }
  layers.push(new Linear(features, data.classes, { bias }));
  if (neuron !== "none") {
    layers.push(buildNeurons(options, { storeV: loss === "potentialMse" }));
  }
  return new Sequential(layers);
}

function buildNeurons(options: TrainOptions, others: LifNodeOptions = {}): NeuronLayer {
  return neurons[options.neuron]!({
    tau: options.tau,
    decayInput: !options.noDecayInput,
    vThreshold: options.vThreshold,
    vReset: options.softReset ? null : options.vReset,
    detachReset: options.detachReset,
    surrogate: buildSurrogate(options),
    ...others,
  });
}

function buildSurrogate({ surrogate, alpha }: TrainOptions): Surrogate {
  return surrogates[surrogate]!(alpha === undefined ? {} : { alpha });
}
