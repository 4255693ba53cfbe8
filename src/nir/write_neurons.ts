import type { Shape } from "../core/shape.ts";
import { countElements, type Tensor } from "../formats/tensor.ts";
import type { NeuronValue } from "../neurons/model.ts";
import {
  CubaLifNode,
  CubaLiNode,
  IfNode,
  LifNode,
  LiNode,
  type NeuronLayer,
  ParametricLifNode,
} from "../neurons/mod.ts";
import type { TimeConstant } from "../neurons/time_constant.ts";
import { nextFloat, toSeconds } from "./exact.ts";
import type { NirNode } from "./graph.ts";
import type { Writing } from "./writing.ts";

/** A number for each neuron of a sample. */
type Each = (neuron: number) => number;

/**
 * Neurons as a node.
 *
 * @param writing What is written.
 * @param layer The layer.
 * @param shape What a sample has.
 * @returns The node.
 * @throws {TypeError} If NIR can't say them.
 */
export function writeNeurons(writing: Writing, layer: NeuronLayer, shape: Shape): NirNode {
  const count = countElements(shape);
  for (const [name, value] of Object.entries(layer.toJSON())) {
    if (!Array.isArray(value) || value.length === count) continue;
    throw writing.fail(`has ${value.length} numbers in ${name} for ${count} neurons`);
  }
  if (layer.constructor === IfNode) return writeIf(writing, layer, shape);
  if (layer instanceof CubaLifNode || layer instanceof CubaLiNode) {
    return writeCuba(writing, layer, shape);
  }
  const isLif = [LifNode, ParametricLifNode].some((Lif) => layer.constructor === Lif);
  if (isLif || layer.constructor === LiNode) {
    return writeLeaky(writing, layer as LifNode | LiNode, shape);
  }
  throw writing.fail(
    "is a kind of neurons that NIR has no node for: it has those of IfNode, LifNode, LiNode, " +
      "CubaLifNode and CubaLiNode",
  );
}

function writeIf(writing: Writing, layer: NeuronLayer, shape: Shape): NirNode {
  const { v_reset, ...firing } = writeFiring(writing, layer, shape);
  checkStart(writing, layer, v_reset, "vReset", shape);
  const r = fill(shape, () => 1 / writing.dt);
  return { type: "IF", parameters: { r, ...firing, v_reset: fill(shape, v_reset) } };
}

function writeLeaky(writing: Writing, layer: LifNode | LiNode, shape: Shape): NirNode {
  const fires = layer instanceof LifNode;
  const firing = fires ? writeFiring(writing, layer, shape) : undefined;
  const rest = firing?.v_reset ?? each((layer as LiNode).vRest);
  checkStart(writing, layer, rest, fires ? "vReset" : "vRest", shape);
  const learned = layer.constructor === ParametricLifNode;
  const tau = timeOf(
    writing,
    learned ? { learned: (layer as LifNode).tau } : layer.tau,
    "w",
  );
  const parameters = {
    tau: fill(shape, (i) => toSeconds(tau(i), writing.dt)),
    r: fill(shape, resistance(writing, tau, layer.decayInput, "decayInput", shape)),
    v_leak: fill(shape, rest),
  };
  if (!firing) return { type: "LI", parameters };
  const { v_threshold, v_reset } = firing;
  return { type: "LIF", parameters: { ...parameters, v_threshold, v_reset: fill(shape, v_reset) } };
}

function writeCuba(writing: Writing, layer: CubaLifNode | CubaLiNode, shape: Shape): NirNode {
  const { constants } = layer;
  const rest = each(constants.vRest);
  checkStart(writing, layer, rest, "vRest", shape);
  const start = neurons(shape).find((i) => each(constants.iInit)(i) !== 0);
  if (start !== undefined) throw writing.fail("starts with a current, iInit: in NIR it is 0");
  const synapse = timeOf(writing, constants.tauSyn, "w_syn");
  const membrane = timeOf(writing, constants.tauMem, "w_mem");
  const { decayInput, decayCurrent } = constants;
  const parameters = {
    tau_syn: fill(shape, (i) => toSeconds(synapse(i), writing.dt)),
    tau_mem: fill(shape, (i) => toSeconds(membrane(i), writing.dt)),
    r: fill(shape, resistance(writing, membrane, decayCurrent, "decayCurrent", shape)),
    v_leak: fill(shape, rest),
    w_in: fill(shape, resistance(writing, synapse, decayInput, "decayInput", shape)),
  };
  if (layer instanceof CubaLiNode) return { type: "CubaLI", parameters };
  const { v_threshold, v_reset } = writeFiring(writing, layer, shape);
  return {
    type: "CubaLIF",
    parameters: { ...parameters, v_threshold, v_reset: fill(shape, v_reset) },
  };
}

/** Threshold and reset, which only a hard one has. */
function writeFiring(
  writing: Writing,
  layer: NeuronLayer,
  shape: Shape,
): { v_threshold: Tensor; v_reset: Each } {
  const { vThreshold, vReset } = layer.options;
  if (vReset === null) {
    throw writing.fail(
      "has a soft reset, which no file can tell from a hard one: train with vReset 0, or exchange " +
        "the weights alone",
    );
  }
  const own = each(vThreshold);
  const threshold = (i: number) => {
    if (writing.fires === "at") return own(i);
    const lower = nextFloat(own(i), "lower");
    if (lower !== undefined) return lower;
    throw writing.fail(
      `has a threshold of ${own(i)}, below which devices have no number: write it with fires "at"`,
    );
  };
  return { v_threshold: fill(shape, threshold), v_reset: each(vReset) };
}

/** NIR has no initial potential. */
function checkStart(
  writing: Writing,
  { options: { vInit } }: NeuronLayer,
  rest: Each,
  name: string,
  shape: Shape,
): void {
  const start = each(vInit);
  const other = neurons(shape).find((i) => Math.fround(start(i)) !== Math.fround(rest(i)));
  if (other === undefined) return;
  throw writing.fail(
    `starts at vInit ${start(other)}, which NIR can't say: it must be ${name}, ${rest(other)}`,
  );
}

/** What an input is multiplied by: 1 if it decays, tau if it doesn't. */
function resistance(
  writing: Writing,
  tau: Each,
  decays: boolean,
  name: string,
  shape: Shape,
): Each {
  if (!decays) return tau;
  if (neurons(shape).every((i) => tau(i) > 1)) return () => 1;
  throw writing.fail(
    `has a time constant of 1 and ${name}, which no file can tell from none: make it without`,
  );
}

/** A time constant, in time steps; one that is learned as it is now. */
function timeOf(writing: Writing, time: TimeConstant, name: string): Each {
  if (typeof time !== "object" || !("learned" in time)) return each(time);
  const { data } = writing.parameter(name);
  return (i) => 1 + Math.exp(-Number(data.length === 1 ? data[0] : data[i]));
}

const each = (value: NeuronValue): Each =>
  typeof value === "number" ? () => value : (i) => value[i]!;

const neurons = (shape: Shape): number[] =>
  Array.from({ length: countElements(shape) }, (_, i) => i);

function fill(shape: Shape, value: Each): Tensor {
  return { shape, data: Float64Array.from(neurons(shape), value) };
}
