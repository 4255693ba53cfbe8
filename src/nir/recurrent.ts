/**
 * Neurons that hear what they fired: in NIR two nodes in a circle, LIF or CubaLIF and the weights by which their
 * spikes come back.
 *
 * @module
 */

import type { Layer } from "../core/layer.ts";
import type { Shape } from "../core/shape.ts";
import type { NeuronValue } from "../neurons/model.ts";
import { CubaLifNode, IfNode, LifNode, NeuronLayer } from "../neurons/mod.ts";
import { Recurrent } from "../recurrent/recurrent.ts";
import type { NirNode } from "./graph.ts";
import type { NirFeedbackBias } from "./options.ts";
import { type ReadLayer, readLayer } from "./read_layers.ts";
import type { Reading } from "./reading.ts";
import { writeNeurons } from "./write_neurons.ts";
import type { Writing } from "./writing.ts";

/** A recurrent layer as nodes. */
export interface RecurrentNodes {
  /** The neurons. */
  readonly neurons: NirNode;
  /** The weights of what they fired. */
  readonly weights: NirNode;
}

/**
 * A recurrent layer as nodes.
 *
 * @param writing What is written.
 * @param layer The layer.
 * @param shape What a sample has that comes in.
 * @returns The nodes.
 * @throws {TypeError} If NIR can't say it.
 */
export function writeRecurrent(writing: Writing, layer: Recurrent, shape: Shape): RecurrentNodes {
  if (layer.mode === "element-wise") {
    throw writing.fail(
      "has neurons that hear themselves alone, which NIR can't say: all-to-all it can, with weights",
    );
  }
  const weight = writing.parameter("recurrent.weight");
  return {
    neurons: writeNeurons(writing, layer.neurons, shape),
    weights: layer.bias
      ? { type: "Affine", parameters: { weight, bias: writing.parameter("recurrent.bias") } }
      : { type: "Linear", parameters: { weight } },
  };
}

/**
 * The recurrent layer of neurons and the weights of what comes back to them.
 *
 * @param neurons The neurons.
 * @param reading The node of the weights.
 * @param feedbackBias When its bias is there.
 * @returns The layer.
 * @throws {TypeError} If no layer does exactly what the nodes say.
 */
export function readRecurrent(
  neurons: ReadLayer,
  reading: Reading,
  feedbackBias: NirFeedbackBias,
): ReadLayer {
  const { node, fail } = reading;
  if (node.type !== "Linear" && node.type !== "Affine") {
    throw fail("takes what neurons fired back to them: only Linear and Affine are read there");
  }
  const { layer } = neurons;
  if (!isFiring(layer)) throw fail(`leads back to a ${layer.kind}, which doesn't fire`);
  const { weight, bias } = readLayer(reading)!.tensors;
  const [outputs, inputs] = weight!.shape;
  if (outputs !== inputs) {
    throw fail(`leads back to ${inputs} neurons, but gives ${outputs} numbers`);
  }
  const starts = bias && feedbackBias === "later"
    ? withoutBiasAtFirst(reading, layer, Array.from(bias.data as ArrayLike<number>))
    : layer;
  return {
    layer: new Recurrent(starts, { bias: bias !== undefined }),
    tensors: { "recurrent.weight": weight!, ...bias ? { "recurrent.bias": bias } : {} },
  };
}

/**
 * Neurons that start such that the bias of the first step only brings them to where they rest: a state x that
 * becomes x - x / tau + bias, or bias / tau, starts at -bias / (1 - 1 / tau), or at -bias / (tau - 1).
 */
function withoutBiasAtFirst(
  { fail }: Reading,
  neurons: NeuronLayer,
  bias: readonly number[],
): NeuronLayer {
  const startOf = (tau: NeuronValue, decays: boolean) =>
    bias.map((bias, i) => {
      const own = typeof tau === "number" ? tau : tau[i]!;
      if (own === 1) throw fail("has a bias, which neurons of tau 1 can't do without at first");
      return -bias / (decays ? own - 1 : 1 - 1 / own);
    });
  const { options } = neurons;
  const at = (start: NeuronValue, i: number) => typeof start === "number" ? start : start[i]!;
  const shifted = (by: readonly number[]) => by.map((by, i) => at(options.vInit, i) + by);
  if (neurons instanceof CubaLifNode) {
    const { constants } = neurons;
    const iInit = startOf(constants.tauSyn as NeuronValue, constants.decayInput);
    return new CubaLifNode({ ...options, ...constants, iInit });
  }
  if (neurons instanceof LifNode) {
    const { tau, decayInput } = neurons;
    return new LifNode({ ...options, tau, decayInput, vInit: shifted(startOf(tau, decayInput)) });
  }
  return new IfNode({ ...options, vInit: shifted(bias.map((bias) => -bias)) });
}

const isFiring = (layer: Layer): layer is NeuronLayer =>
  layer instanceof NeuronLayer && layer.describe().fires !== false;
