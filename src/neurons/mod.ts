/**
 * Spiking neurons.
 *
 * @module
 */

import { IfNode } from "./if_node.ts";
import { LifNode, type LifNodeOptions } from "./lif_node.ts";
import type { NeuronLayer } from "./neuron_layer.ts";
import { ParametricLifNode } from "./parametric_lif_node.ts";

export type { NeuronBytes, NeuronDescription, NeuronGradients, NeuronRun } from "./fused.ts";
export { IfNode } from "./if_node.ts";
export { LifNode, type LifNodeOptions } from "./lif_node.ts";
export { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
export { ParametricLifNode } from "./parametric_lif_node.ts";
export * from "./simulation.ts";

/**
 * The kinds of neurons, by name.
 *
 * @example
 * ```ts
 * import { neurons } from "@galvani/snn";
 *
 * const layer = neurons.if!({ vThreshold: 0.5 });
 * ```
 */
export const neurons: Readonly<Record<string, (options?: LifNodeOptions) => NeuronLayer>> = {
  lif: (options) => new LifNode(options),
  if: (options) => new IfNode(options),
  plif: (options) => new ParametricLifNode(options),
};
