import { neuron } from "../../kernels/mod.ts";
import type { LayerJson } from "../core/layer.ts";
import { checkEach, mapEach, type NumberOrEach, toJson } from "./each.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
import type { NeuronModel } from "./neuron_model.ts";

/** Options of {@linkcode LifNode}. */
export interface LifNodeOptions extends NeuronOptions {
  /**
   * The membrane's time constant, in time steps, greater than 1: one number, or one for each neuron of a
   * sample.
   *
   * @default {2}
   */
  tau?: NumberOrEach;
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
  override readonly kind: string = "LifNode";
  /** The membrane's time constant, in time steps. */
  readonly tau: number | Float32Array;
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
    this.tau = checkEach(what, "tau", options.tau ?? 2, { bound: 1, open: true });
    this.decayInput = options.decayInput ?? true;
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override model(): NeuronModel {
    const { decayInput, tau } = this;
    return {
      ...this.firingModel(),
      wgsl: neuron.lif,
      constants: { rest: this.options.vReset ?? 0, decay: mapEach(tau, (tau) => 1 / tau) },
      flags: { decayInput },
    };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    return { ...super.toJSON(), tau: toJson(this.tau), decayInput: this.decayInput };
  }
}
