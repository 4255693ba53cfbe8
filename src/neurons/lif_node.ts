import * as neuron from "../../kernels/neuron/mod.ts";
import { checkAbove } from "../validate.ts";
import type { LayerJson } from "../core/layer.ts";
import type { NeuronDescription, NeuronValue } from "./model.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
import { checkEach, eachFrom, valueToJson } from "./values.ts";

/** Options of {@linkcode LifNode}. */
export interface LifNodeOptions extends NeuronOptions {
  /**
   * The membrane's time constant, in time steps: one, or one for each neuron of a sample, `[features]`.
   *
   * @default {2}
   */
  tau?: NeuronValue;
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
  readonly tau: NeuronValue;
  /** Whether the input decays too. */
  readonly decayInput: boolean;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @param what What can't be done, for messages of kinds that extend this one.
   * @throws {RangeError} If `tau` isn't greater than 1, or a potential isn't finite.
   */
  constructor(options: LifNodeOptions = {}, what = "Cannot create LIF neurons") {
    super(what, options);
    this.tau = checkEach(what, "tau", options.tau ?? 2, aboveOne);
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
      wgsl: neuron.lif,
      constants: { decay: eachFrom(this.tau, (tau) => 1 / tau), rest: this.options.vReset ?? 0 },
      choices: { decayInput: this.decayInput },
      affine: true,
    };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const { tau, decayInput } = this;
    return { ...super.toJSON(), tau: valueToJson(tau), decayInput };
  }
}

function aboveOne(what: string, name: string, value: number): number {
  return checkAbove(what, name, value, 1);
}
