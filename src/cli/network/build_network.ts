import type { Layer } from "../../core/layer.ts";
import type { Dataset } from "../../datasets/dataset.ts";
import { Dropout } from "../../layers/dropout.ts";
import { Flatten } from "../../layers/flatten.ts";
import { Linear } from "../../layers/linear/linear.ts";
import { Sequential } from "../../layers/sequential.ts";
import { type LifNodeOptions, type NeuronLayer, neurons } from "../../neurons/mod.ts";
import { makeSurrogate, type Surrogate } from "../../surrogate/mod.ts";
import type { TrainOptions } from "../options/options.ts";

/**
 * Builds the network that the options describe: Flatten; for each hidden layer Linear, neurons and
 * Dropout; Linear and neurons for the classes. Without hidden layers there is no bias. Without
 * neurons, the values of the last Linear are the output.
 *
 * @param options The command's options.
 * @param data The shape of the images, and their classes.
 * @returns The network.
 */
export function buildNetwork(
  options: TrainOptions,
  data: Pick<Dataset, "shape" | "classes">,
): Sequential {
  const { hidden, neuron, dropout, loss } = options;
  const bias = hidden.length > 0;
  const layers: Layer[] = [new Flatten()];
  let features = data.shape.reduce((product, size) => product * size, 1);
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
  return makeSurrogate(surrogate, alpha === undefined ? {} : { alpha });
}
