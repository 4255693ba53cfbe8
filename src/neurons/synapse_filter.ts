import * as neuron from "../../kernels/neuron/mod.ts";
import type { LayerJson } from "../core/layer.ts";
import type { NeuronDescription } from "./model.ts";
import { NeuronLayer } from "./neuron_layer.ts";
import { checkTimeConstant, decayOf, type TimeConstant, timeToJson } from "./time_constant.ts";

/** Options of {@linkcode SynapseFilter}. */
export interface SynapseFilterOptions {
  /**
   * The synapses' time constant, in time steps, at least 1.
   *
   * @default {100}
   */
  tau?: TimeConstant;
}

/**
 * Synapses that remember: spikes become currents, which decay where no spike comes in. The layer gives the
 * current after each step, `[T, batch, ...shape]`, as numbers over time.
 *
 * ```text
 * i = i - (1 - x) i / tau + x        (x is the input; i is 0 before the first step)
 * ```
 *
 * Currents are without unit, a time step is 1; a learned time constant is saved as "w". Source:
 * `SynapseFilter` of SpikingJelly; Diehl and Cook, 2015.
 *
 * @example
 * ```ts
 * import { IfNode, Linear, Sequential, SynapseFilter } from "@galvani/snn";
 *
 * const network = new Sequential([
 *   new Linear(28, 32), new IfNode(), new SynapseFilter({ tau: { learned: 2 } }), new Linear(32, 10), new IfNode(),
 * ]);
 * ```
 */
export class SynapseFilter extends NeuronLayer {
  /** The kind of layer. */
  override readonly kind = "SynapseFilter";
  /** The synapses' time constant, in time steps. */
  readonly tau: TimeConstant;

  /**
   * Describes the synapses.
   *
   * @param options Their time constant.
   * @throws {RangeError} If it is less than 1 (one that is learned must be greater).
   */
  constructor(options: SynapseFilterOptions = {}) {
    const what = "Cannot create a synapse filter";
    super(what, {});
    this.tau = checkTimeConstant(what, "tau", options.tau ?? 100);
  }

  /**
   * What tells these synapses from others.
   *
   * @returns Their equations and constants.
   */
  override describe(): NeuronDescription {
    return {
      ...this.options,
      kind: this.kind,
      wgsl: neuron.synapseFilter,
      state: ["i"],
      constants: { decay: decayOf(this.tau, "w") },
      fires: false,
    };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    return { kind: this.kind, tau: timeToJson(this.tau) };
  }
}
