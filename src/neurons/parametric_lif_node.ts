import { neuron } from "../../kernels/mod.ts";
import { mapEach } from "./each.ts";
import { LifNode } from "./lif_node.ts";
import type { NeuronModel } from "./neuron_model.ts";

/**
 * Leaky integrate-and-fire neurons whose time constant is learned: `1 / tau = sigmoid(w)`, `w` starting at
 * `-ln(tau - 1)`. It is one for the layer or, where `tau` is one number for each neuron, one for each.
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
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override model(): NeuronModel {
    const model = super.model();
    const initial = mapEach(this.tau, (tau) => -Math.log(tau - 1));
    return {
      ...model,
      constants: { ...model.constants, decay: { learned: "w", initial, by: "sigmoid" } },
    };
  }
}
