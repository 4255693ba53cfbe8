import { neuron } from "../../kernels/mod.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
import type { NeuronModel } from "./neuron_model.ts";

/**
 * Integrate-and-fire neurons, without a leak: `h = v + x`.
 *
 * Fire and reset as in {@linkcode NeuronLayer}. Source: `IFNode` of SpikingJelly.
 *
 * @example
 * ```ts
 * import { IfNode } from "@galvani/snn";
 *
 * const neurons = new IfNode({ vThreshold: 0.5 });
 * ```
 */
export class IfNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "IfNode";

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If a potential isn't finite.
   */
  constructor(options: NeuronOptions = {}) {
    super("Cannot create IF neurons", options);
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override model(): NeuronModel {
    return { ...this.firingModel(), wgsl: neuron.if, constants: {}, flags: {} };
  }
}
