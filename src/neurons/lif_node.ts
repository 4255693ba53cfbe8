import { neuron } from "../../kernels/mod.ts";
import { checkAbove } from "../validate.ts";
import type { NeuronDescription } from "./fused.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";

/** Options of {@linkcode LifNode}. */
export interface LifNodeOptions extends NeuronOptions {
  /**
   * The membrane's time constant, in time steps.
   *
   * @default {2}
   */
  tau?: number;
  /**
   * Whether the input decays too: it is divided by `tau`.
   *
   * @default {true}
   */
  decayInput?: boolean;
}

/**
 * Leaky integrate-and-fire neurons.
 *
 * ```text
 * charge  h = v + (x - (v - vReset)) / tau        (decayInput)
 *         h = v - (v - vReset) / tau + x          (otherwise; vReset is 0 for a soft reset)
 * ```
 *
 * Fire and reset as in {@linkcode NeuronLayer}. Source: `LIFNode` of SpikingJelly.
 *
 * @example
 * ```ts
 * import { LifNode } from "@galvani/snn";
 *
 * const neurons = new LifNode({ tau: 2, vReset: null });
 * ```
 */
export class LifNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "LifNode";
  /** The membrane's time constant, in time steps. */
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
    const what = "Cannot create LIF neurons";
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
    const values = { decay: 1 / this.tau, decayInput: this.decayInput };
    return { ...this.options, kind: this.kind, charge: neuron.lif, values };
  }
}
