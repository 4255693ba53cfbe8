import { neuron } from "../../kernels/mod.ts";
import type { LayerJson } from "../core/layer.ts";
import { checkFinite } from "../validate.ts";
import { checkEach, mapEach, type NumberOrEach, toJson } from "./each.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
import type { NeuronModel } from "./neuron_model.ts";

/** Options of {@linkcode CubaLifNode}. */
export interface CubaLifNodeOptions extends NeuronOptions {
  /**
   * The synapses' time constant, in time steps, at least 1: one number, or one for each neuron of a sample.
   *
   * @default {5}
   */
  tauSyn?: NumberOrEach;
  /**
   * The membrane's time constant, in time steps, at least 1: one number, or one for each neuron.
   *
   * @default {10}
   */
  tauMem?: NumberOrEach;
  /**
   * Whether the synaptic current is divided by `tauMem` where it charges the membrane.
   *
   * @default {true}
   */
  decayInput?: boolean;
  /**
   * The synaptic current before the first step.
   *
   * @default {0}
   */
  iInit?: number;
}

/**
 * Current-based leaky integrate-and-fire neurons: spikes charge a synaptic current i, which charges the
 * potential v.
 *
 * ```text
 * i = i (1 - 1 / tauSyn) + x
 * charge  h = v + (i - (v - vReset)) / tauMem        (decayInput)
 *         h = v - (v - vReset) / tauMem + i          (otherwise; vReset is 0 for a soft reset)
 * ```
 *
 * Fire and reset as in {@linkcode NeuronLayer}; the current isn't reset. Source: with `decayInput` the LIF of
 * Norse at steps of 1, with its defaults for both time constants; without it `CUBALIFNode` of SpikingJelly
 * (`c_decay = 1 - 1 / tauSyn`, `v_decay = 1 - 1 / tauMem`) and, but for the moment of the reset, `Synaptic`
 * of snnTorch.
 *
 * @example
 * ```ts
 * import { CubaLifNode } from "@galvani/snn";
 *
 * const neurons = new CubaLifNode({ tauMem: 20, tauSyn: 10 });
 * ```
 */
export class CubaLifNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "CubaLifNode";
  /** The synapses' time constant, in time steps. */
  readonly tauSyn: number | Float32Array;
  /** The membrane's time constant, in time steps. */
  readonly tauMem: number | Float32Array;
  /** Whether the synaptic current is divided by `tauMem`. */
  readonly decayInput: boolean;
  /** The synaptic current before the first step. */
  readonly iInit: number;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If a time constant is less than 1, or a potential isn't finite.
   */
  constructor(options: CubaLifNodeOptions = {}) {
    const what = "Cannot create current-based LIF neurons";
    super(what, options);
    const least = { bound: 1, open: false };
    this.tauSyn = checkEach(what, "tauSyn", options.tauSyn ?? 5, least);
    this.tauMem = checkEach(what, "tauMem", options.tauMem ?? 10, least);
    this.decayInput = options.decayInput ?? true;
    this.iInit = checkFinite(what, "iInit", options.iInit ?? 0);
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override model(): NeuronModel {
    const { decayInput, tauMem, tauSyn, iInit } = this;
    return {
      ...this.firingModel(),
      state: ["v", "i"],
      initial: [this.options.vInit, iInit],
      wgsl: neuron.cubaLif,
      constants: {
        rest: this.options.vReset ?? 0,
        decay: mapEach(tauMem, (tau) => 1 / tau),
        kept: mapEach(tauSyn, (tau) => 1 - 1 / tau),
      },
      flags: { decayInput },
    };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const { tauMem, tauSyn, decayInput, iInit } = this;
    return {
      ...super.toJSON(),
      tauSyn: toJson(tauSyn),
      tauMem: toJson(tauMem),
      decayInput,
      iInit,
    };
  }
}
