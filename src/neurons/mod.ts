/**
 * Spiking neurons.
 *
 * @module
 */

import type { Layer, LayerJson } from "../core/layer.ts";
import { makeSurrogate } from "../surrogate/mod.ts";
import { AlifNode } from "./alif_node.ts";
import { CubaLifNode } from "./cuba_lif_node.ts";
import { CubaLiNode } from "./cuba_li_node.ts";
import { EifNode } from "./eif_node.ts";
import { IfNode } from "./if_node.ts";
import { IzhikevichNode } from "./izhikevich_node.ts";
import { KlifNode } from "./klif_node.ts";
import { LiNode } from "./li_node.ts";
import { LifNode, type LifNodeOptions } from "./lif_node.ts";
import type { NeuronLayer } from "./neuron_layer.ts";
import { MaskedPsn } from "./parallel/masked_psn.ts";
import { Psn } from "./parallel/psn.ts";
import { SlidingPsn } from "./parallel/sliding_psn.ts";
import { ParametricLifNode } from "./parametric_lif_node.ts";
import { QifNode } from "./qif_node.ts";
import { SynapseFilter } from "./synapse_filter.ts";

export { AlifNode, type AlifNodeOptions } from "./alif_node.ts";
export type { CubaConstants, CubaOptions } from "./cuba.ts";
export { CubaLiNode, type CubaLiNodeOptions } from "./cuba_li_node.ts";
export { CubaLifNode, type CubaLifNodeOptions } from "./cuba_lif_node.ts";
export { EifNode, type EifNodeOptions } from "./eif_node.ts";
export { IfNode } from "./if_node.ts";
export { IzhikevichNode, type IzhikevichNodeOptions } from "./izhikevich_node.ts";
export { KlifNode, type KlifNodeOptions } from "./klif_node.ts";
export { LiNode, type LiNodeOptions } from "./li_node.ts";
export { LifNode, type LifNodeOptions } from "./lif_node.ts";
export type * from "./model.ts";
export { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
export { MaskedPsn, type MaskedPsnOptions } from "./parallel/masked_psn.ts";
export { type ParallelNeuronOptions, ParallelNeurons } from "./parallel/parallel_neurons.ts";
export { Psn } from "./parallel/psn.ts";
export { SlidingPsn, type SlidingPsnOptions } from "./parallel/sliding_psn.ts";
export type { ParallelWeights } from "./parallel/weights.ts";
export { ParametricLifNode } from "./parametric_lif_node.ts";
export { QifNode, type QifNodeOptions } from "./qif_node.ts";
export { SynapseFilter, type SynapseFilterOptions } from "./synapse_filter.ts";
export * from "./simulation.ts";
export type * from "./simulation_types.ts";
export type { TimeConstant } from "./time_constant.ts";

/** Makes neurons that fire, by kind. */
// deno-lint-ignore no-explicit-any -- the constructors check what comes from a file.
const FIRING: Readonly<Record<string, (options: any) => Layer>> = {
  AlifNode: (options) => new AlifNode(options),
  EifNode: (options) => new EifNode(options),
  IfNode: (options) => new IfNode(options),
  IzhikevichNode: (options) => new IzhikevichNode(options),
  KlifNode: (options) => new KlifNode(options),
  LifNode: (options) => new LifNode(options),
  MaskedPsn: ({ k, timeSteps, ...options }) => new MaskedPsn(k, timeSteps, options),
  ParametricLifNode: (options) => new ParametricLifNode(options),
  CubaLifNode: (options) => new CubaLifNode(options),
  Psn: ({ timeSteps, ...options }) => new Psn(timeSteps, options),
  QifNode: (options) => new QifNode(options),
  SlidingPsn: ({ k, ...options }) => new SlidingPsn(k, options),
};

/**
 * Makes neurons from JSON: the reverse of their `toJSON`.
 *
 * @param json What it gave.
 * @returns The neurons; nothing if the kind isn't one of these.
 * @throws {RangeError | TypeError} If an option is out of range.
 */
export function neuronFromJson(json: LayerJson): Layer | undefined {
  const { kind, surrogate, ...options } = json;
  if (kind === "LiNode") return new LiNode(options);
  if (kind === "CubaLiNode") return new CubaLiNode(options);
  if (kind === "SynapseFilter") return new SynapseFilter(options);
  if (!Object.hasOwn(FIRING, kind)) return undefined;
  const { name, ...parameters } = surrogate as { name: string } & Record<string, number>;
  return FIRING[kind]!({ ...options, surrogate: makeSurrogate(name, parameters) });
}

/**
 * The kinds of neurons that take the options of {@linkcode LifNode}, by name.
 *
 * @example
 * ```ts
 * import { neurons } from "@galvani/snn";
 *
 * const layer = neurons.if!({ vThreshold: 0.5 });
 * ```
 */
export const neurons: Readonly<
  Record<string, (options?: LifNodeOptions) => NeuronLayer>
> = {
  lif: (options) => new LifNode(options),
  if: (options) => new IfNode(options),
  plif: (options) => new ParametricLifNode(options),
  klif: (options) => new KlifNode(options),
};
