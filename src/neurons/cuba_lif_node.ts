import type { LayerJson } from "../core/layer.ts";
import {
  type CubaConstants,
  cubaConstants,
  cubaJson,
  cubaModel,
  type CubaOptions,
} from "./cuba.ts";
import type { NeuronDescription } from "./model.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";

/** Options of {@linkcode CubaLifNode}. */
export interface CubaLifNodeOptions extends NeuronOptions, CubaOptions {}

/**
 * Current-based leaky integrate-and-fire neurons: the input adds to a synaptic current i, which charges the
 * potential.
 *
 * ```text
 * synapse  i = i - i / tauSyn + x                 (or, decayInput, i + (x - i) / tauSyn)
 * charge   h = v - (v - vRest) / tauMem + i       (or, decayCurrent, v + (i - (v - vRest)) / tauMem)
 * ```
 *
 * Fire and reset as in {@linkcode NeuronLayer}; they leave the current as it is. The state's variables are
 * "v" and "i"; learned time constants are saved as "w_syn" and "w_mem". Potentials and currents are without
 * unit, a time step is 1.
 *
 * Where the numbers come from another program:
 *
 * - SpikingJelly's `CUBALIFNode`: `tauSyn = 1 / (1 - c_decay)`, `tauMem = 1 / (1 - v_decay)`, `vRest` 0.
 * - snnTorch's `Synaptic`: `tauSyn = 1 / (1 - alpha)`, `tauMem = 1 / (1 - beta)`, a soft reset for
 *   "subtract" with `reset_delay=False`. It fires where the potential is greater than the threshold, as do
 *   Norse and NIR; here one that equals the threshold fires.
 * - Norse's `LIF`: `tauSyn = 1 / (dt tau_syn_inv)`, `tauMem = 1 / (dt tau_mem_inv)`, `vRest` is `v_leak`,
 *   `decayCurrent`. Its i is the current after the decay of the next step.
 * - NIR's `CubaLIF`: `tau_syn / dt`, `tau_mem / dt`, `vRest` is `v_leak`; `decayCurrent` where R is 1, not
 *   where it is `tau_mem / dt`; `decayInput` where `w_in` is 1, not where it is `tau_syn / dt`.
 *
 * @example
 * ```ts
 * import { CubaLifNode } from "@galvani/snn";
 *
 * const neurons = new CubaLifNode({ tauSyn: 5, tauMem: { learned: 10 }, vReset: null });
 * ```
 */
export class CubaLifNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "CubaLifNode";
  /** What all current-based neurons have, defaults filled in. */
  readonly constants: CubaConstants;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If a time constant is less than 1 (one that is learned must be greater), or a
   * potential or a current isn't finite.
   */
  constructor(options: CubaLifNodeOptions = {}) {
    const what = "Cannot create current-based LIF neurons";
    super(what, options);
    this.constants = cubaConstants(what, options, this.options.vReset ?? 0);
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override describe(): NeuronDescription {
    return { ...this.options, kind: this.kind, ...cubaModel(this.constants) };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    return { ...super.toJSON(), ...cubaJson(this.constants) };
  }
}
