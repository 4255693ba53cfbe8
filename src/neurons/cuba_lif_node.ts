import { neuron } from "../../kernels/mod.ts";
import type { LayerJson } from "../core/layer.ts";
import type { NeuronDescription, NeuronValue } from "./model.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
import { checkTimeConstant, decayOf, type TimeConstant, timeToJson } from "./time_constant.ts";
import { checkEach, valueToJson } from "./values.ts";

/** Options of {@linkcode CubaLifNode}. */
export interface CubaLifNodeOptions extends NeuronOptions {
  /**
   * The synapses' time constant, in time steps, at least 1.
   *
   * @default {2}
   */
  tauSyn?: TimeConstant;
  /**
   * The membrane's time constant, in time steps, at least 1.
   *
   * @default {4}
   */
  tauMem?: TimeConstant;
  /**
   * Whether the input decays as it is added to the current: it is divided by `tauSyn`.
   *
   * @default {false}
   */
  decayInput?: boolean;
  /**
   * Whether the current decays as it is added to the potential: it is divided by `tauMem`.
   *
   * @default {false}
   */
  decayCurrent?: boolean;
  /** The potential that it leaks to. By default `vReset`, or 0 with a soft reset. */
  vRest?: NeuronValue;
  /**
   * The synaptic current before the first step.
   *
   * @default {0}
   */
  iInit?: NeuronValue;
}

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
  /** The synapses' time constant, in time steps. */
  readonly tauSyn: TimeConstant;
  /** The membrane's time constant, in time steps. */
  readonly tauMem: TimeConstant;
  /** Whether the input is divided by `tauSyn`. */
  readonly decayInput: boolean;
  /** Whether the current is divided by `tauMem`. */
  readonly decayCurrent: boolean;
  /** The potential that it leaks to. */
  readonly vRest: NeuronValue;
  /** The synaptic current before the first step. */
  readonly iInit: NeuronValue;

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
    this.tauSyn = checkTimeConstant(what, "tauSyn", options.tauSyn ?? 2);
    this.tauMem = checkTimeConstant(what, "tauMem", options.tauMem ?? 4);
    this.decayInput = options.decayInput ?? false;
    this.decayCurrent = options.decayCurrent ?? false;
    this.vRest = checkEach(what, "vRest", options.vRest ?? this.options.vReset ?? 0);
    this.iInit = checkEach(what, "iInit", options.iInit ?? 0);
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
      wgsl: neuron.cubaLif,
      state: ["v", "i"],
      constants: {
        synDecay: decayOf(this.tauSyn, "w_syn"),
        memDecay: decayOf(this.tauMem, "w_mem"),
        rest: this.vRest,
      },
      choices: { decayInput: this.decayInput, decayCurrent: this.decayCurrent },
      initial: { i: this.iInit },
      affine: true,
    };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const { tauSyn, tauMem, decayInput, decayCurrent, vRest, iInit } = this;
    return {
      ...super.toJSON(),
      tauSyn: timeToJson(tauSyn),
      tauMem: timeToJson(tauMem),
      decayInput,
      decayCurrent,
      vRest: valueToJson(vRest),
      iInit: valueToJson(iInit),
    };
  }
}
