import { encodedShape } from "../../core/encoder.ts";
import type { Layer } from "../../core/layer.ts";
import type { Dataset } from "../../datasets/dataset.ts";
import { encoders } from "../../encoders/mod.ts";
import { Dropout } from "../../layers/dropout.ts";
import { Flatten } from "../../layers/flatten.ts";
import { Linear } from "../../layers/linear/linear.ts";
import { Sequential } from "../../layers/sequential.ts";
import { layerFromJson } from "../../model/from_json.ts";
import { planNetwork } from "./notation.ts";
import {
  AlifNode,
  CubaLifNode,
  LiNode,
  type NeuronLayer,
  type NeuronOptions,
  neurons,
  SynapseFilter,
} from "../../neurons/mod.ts";
import { Recurrent } from "../../recurrent/recurrent.ts";
import { makeSurrogate, type Surrogate } from "../../surrogate/mod.ts";
import type { TrainOptions } from "../options/options.ts";

/** What a network is built for: the shape of the pictures, and their classes. */
type Pictures = Pick<Dataset, "shape" | "classes">;

/**
 * Builds the network that the options describe: that of `--network`, or Flatten; for each hidden
 * layer Linear, neurons and Dropout; Linear and neurons for the classes. Without hidden layers there
 * is no bias. Without neurons, the values of the last Linear are the output.
 *
 * @param options The command's options.
 * @param data The shape of the images, and their classes.
 * @returns The network.
 * @throws {NotationError} If `--network` is none for such pictures.
 */
export function buildNetwork(options: TrainOptions, data: Pictures): Sequential {
  const { network, encoder } = options;
  const shape = encodedShape(encoders[encoder](), data.shape);
  const encoded = { shape, classes: data.classes };
  const layers = network === undefined
    ? plainLayers(options, encoded)
    : namedLayers(network, options, encoded);
  return new Sequential(layers);
}

function namedLayers(network: string, options: TrainOptions, data: Pictures): Layer[] {
  const plan = planNetwork(network, data.shape, data.classes);
  return plan.map((layer, i) => {
    switch (layer.kind) {
      case "neurons":
        return buildNeurons(options, lastNeurons(options, i === plan.length - 1));
      case "recurrentNeurons":
        return new Recurrent(buildNeurons(options), { bias: false });
      case "readout":
        return new LiNode({ tau: options.tau, decayInput: !options.noDecayInput });
      case "synapseFilter":
        return new SynapseFilter({ tau: { learned: options.tauSyn } });
      default:
        return layerFromJson(layer);
    }
  });
}

/** What the last neurons keep besides: what the loss reads. */
const lastNeurons = ({ loss }: TrainOptions, isLast = true) => ({
  storeV: isLast && loss === "potentialMse",
});

function plainLayers(options: TrainOptions, data: Pictures): Layer[] {
  const { hidden, neuron, dropout } = options;
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
    layers.push(buildNeurons(options, lastNeurons(options)));
  }
  return layers;
}

function buildNeurons(options: TrainOptions, others: NeuronOptions = {}): NeuronLayer {
  const { neuron, tau, tauSyn, tauAdapt, beta } = options;
  const decayInput = !options.noDecayInput;
  if (neuron === "li") return new LiNode({ tau, decayInput });
  const firing = { ...firingOf(options), ...others };
  if (neuron === "cubalif") return new CubaLifNode({ ...firing, tauSyn, tauMem: tau });
  if (neuron === "alif") return new AlifNode({ ...firing, tau, decayInput, tauAdapt, beta });
  return neurons[neuron]!({ ...firing, tau, decayInput });
}

function firingOf(options: TrainOptions): NeuronOptions {
  return {
    vThreshold: options.vThreshold,
    vReset: options.softReset ? null : options.vReset,
    resetDelay: options.resetDelay,
    detachReset: options.detachReset || options.resetDelay,
    surrogate: buildSurrogate(options),
  };
}

function buildSurrogate({ surrogate, alpha }: TrainOptions): Surrogate {
  return makeSurrogate(surrogate, alpha === undefined ? {} : { alpha });
}
