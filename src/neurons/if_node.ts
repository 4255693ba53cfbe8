import * as neuron from "../../kernels/neuron/mod.ts";
import type { NeuronDescription } from "./model.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";

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
  override describe(): NeuronDescription {
    return { ...this.options, kind: this.kind, wgsl: neuron.if, affine: true };
  }
}
