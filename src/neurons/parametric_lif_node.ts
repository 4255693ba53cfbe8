import type { NeuronDescription } from "./model.ts";
import { LifNode, type LifNodeOptions } from "./lif_node.ts";
import { decayOf } from "./time_constant.ts";

/**
 * Leaky integrate-and-fire neurons whose time constant is learned, one for the layer or, where `tau` has a
 * number for each neuron of a sample, one for each: `1 / tau = sigmoid(w)`, `w` starting at
 * `-ln(tau - 1)`.
 *
 * The equations are those of {@linkcode LifNode}. Source: `ParametricLIFNode` of SpikingJelly; Fang et
 * al., ICCV 2021.
 *
 * @example
 * ```ts
 * import { ParametricLifNode } from "@galvani/snn";
 *
 * const neurons = new ParametricLifNode({ tau: 2, detachReset: true });
 * ```
 */
export class ParametricLifNode extends LifNode {
  /** The kind of neuron. */
  override readonly kind: string = "ParametricLifNode";

  /**
   * Describes the neurons.
   *
   * @param options Their constants; `tau` is where the time constant starts.
   * @throws {RangeError} If `tau` isn't greater than 1, or a potential isn't finite.
   */
  constructor(options: LifNodeOptions = {}) {
    super(options, "Cannot create parametric LIF neurons");
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override describe(): NeuronDescription {
    const description = super.describe();
    const decay = decayOf({ learned: this.tau }, "w");
    return { ...description, constants: { ...description.constants, decay } };
  }
}
