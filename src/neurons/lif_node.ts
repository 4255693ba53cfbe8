import { neuron } from "../../kernels/mod.ts";
import { atan } from "../surrogate/atan.ts";
import type { Surrogate } from "../surrogate/surrogate.ts";
import { checkAbove, checkFinite } from "../validate.ts";
import type { NeuronDescription } from "./fused.ts";
import { NeuronLayer } from "./neuron_layer.ts";

/** Options of {@linkcode LifNode}. Potentials and currents are without unit; a time step is 1. */
export interface LifNodeOptions {
  /**
   * The membrane's time constant, in time steps.
   *
   * @default {2}
   */
  tau?: number;
  /**
   * The potential at which a neuron fires.
   *
   * @default {1}
   */
  vThreshold?: number;
  /**
   * The potential after a spike (hard reset); null subtracts the threshold instead (soft reset).
   *
   * @default {0}
   */
  vReset?: number | null;
  /**
   * Whether the input decays too: it is divided by `tau`.
   *
   * @default {true}
   */
  decayInput?: boolean;
  /**
   * Whether the gradient stops at the reset.
   *
   * @default {false}
   */
  detachReset?: boolean;
  /**
   * The surrogate gradient of a spike.
   *
   * @default {atan()}
   */
  surrogate?: Surrogate;
}

/**
 * A layer of leaky integrate-and-fire neurons, simulated over all T time steps by one kernel each way.
 *
 * ```text
 * charge  h = v + (x - (v - vReset)) / tau        (decayInput)
 *         h = v - (v - vReset) / tau + x          (otherwise; vReset is 0 for a soft reset)
 * fire    s = 1 if h >= vThreshold else 0
 * reset   v = (1 - s) h + s vReset                (hard)
 *         v = h - s vThreshold                    (soft)
 * ```
 *
 * The potential starts at `vReset` (0 for a soft reset) in every run. Source: `LIFNode` of SpikingJelly.
 *
 * @example
 * ```ts
 * import { LifNode } from "@galvani/snn";
 *
 * const neurons = new LifNode({ tau: 2, vReset: null });
 * ```
 */
export class LifNode extends NeuronLayer {
  /** The kind of layer. */
  override readonly kind = "LifNode";
  /** The options, defaults filled in. */
  readonly options: Readonly<Required<LifNodeOptions>>;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If `tau` isn't greater than 1, or a potential isn't finite.
   */
  constructor(options: LifNodeOptions = {}) {
    super();
    const what = "Cannot create LIF neurons";
    const { vReset = 0 } = options;
    this.options = {
      tau: checkAbove(what, "tau", options.tau ?? 2, 1),
      vThreshold: checkFinite(what, "vThreshold", options.vThreshold ?? 1),
      vReset: vReset === null ? null : checkFinite(what, "vReset", vReset),
      decayInput: options.decayInput ?? true,
      detachReset: options.detachReset ?? false,
      surrogate: options.surrogate ?? atan(),
    };
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override describe(): NeuronDescription {
    const { tau, decayInput } = this.options;
    return {
      ...this.options,
      kind: this.kind,
      charge: neuron.lif,
      values: { decay: 1 / tau, decayInput },
    };
  }
}
