import { neuron } from "../../kernels/mod.ts";
import { checkAbove } from "../validate.ts";
import type { NeuronDescription } from "./fused.ts";
import type { LifNodeOptions } from "./lif_node.ts";
import { NeuronLayer } from "./neuron_layer.ts";

/**
 * Leaky integrate-and-fire neurons whose time constant is learned, one for the layer:
 * `1 / tau = sigmoid(w)`, `w` starting at `-ln(tau - 1)`.
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
export class ParametricLifNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "ParametricLifNode";
  /** The time constant before it is learned, in time steps. */
  readonly tau: number;
  /** Whether the input decays too. */
  readonly decayInput: boolean;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If `tau` isn't greater than 1, or a potential isn't finite.
   */
  constructor(options: LifNodeOptions = {}) {
    const what = "Cannot create parametric LIF neurons";
    super(what, options);
    this.tau = checkAbove(what, "tau", options.tau ?? 2, 1);
    this.decayInput = options.decayInput ?? true;
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override describe(): NeuronDescription {
    return {
      ...this.options,
      kind: this.kind,
      charge: neuron.lif,
      values: { decayInput: this.decayInput },
      initialW: -Math.log(this.tau - 1),
    };
  }
}
