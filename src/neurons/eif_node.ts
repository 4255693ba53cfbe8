import * as neuron from "../../kernels/neuron/mod.ts";
import type { LayerJson } from "../core/layer.ts";
import { checkAbove } from "../validate.ts";
import type { NeuronDescription, NeuronValue } from "./model.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
import { checkEach, checkTime, eachFrom, valueToJson } from "./values.ts";

/** Options of {@linkcode EifNode}. */
export interface EifNodeOptions extends NeuronOptions {
  /**
   * The potential after a spike (hard reset); null subtracts the threshold instead (soft reset).
   *
   * @default {-0.1}
   */
  vReset?: NeuronValue | null;
  /**
   * The membrane's time constant, in time steps, at least 1.
   *
   * @default {2}
   */
  tau?: NeuronValue;
  /**
   * How sharp the rise is: greater than 0, and sharper the smaller.
   *
   * @default {1}
   */
  deltaT?: NeuronValue;
  /**
   * The potential from which on it rises by itself.
   *
   * @default {0.8}
   */
  thetaRh?: NeuronValue;
  /**
   * The potential that it leaks to.
   *
   * @default {0}
   */
  vRest?: NeuronValue;
}

/**
 * Exponential integrate-and-fire neurons: the potential leaks as that of LIF neurons, and rises by itself near
 * `thetaRh` and above it.
 *
 * ```text
 * charge  h = v + (x - (v - vRest) + deltaT exp((v - thetaRh) / deltaT)) / tau
 * ```
 *
 * Fire and reset as in {@linkcode NeuronLayer}. Source: `EIFNode` of SpikingJelly; Gerstner et al., Neuronal
 * Dynamics (2014), 5.2.
 *
 * @example
 * ```ts
 * import { EifNode, Linear, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([new Linear(64, 10), new EifNode({ deltaT: 0.5 })]);
 * ```
 */
export class EifNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "EifNode";
  /** The membrane's time constant, in time steps. */
  readonly tau: NeuronValue;
  /** How sharp the rise is. */
  readonly deltaT: NeuronValue;
  /** The potential from which on it rises by itself. */
  readonly thetaRh: NeuronValue;
  /** The potential that it leaks to. */
  readonly vRest: NeuronValue;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If the time constant is less than 1, `deltaT` isn't greater than 0, or another constant
   * isn't finite.
   */
  constructor(options: EifNodeOptions = {}) {
    const what = "Cannot create exponential integrate-and-fire neurons";
    super(what, { ...options, vReset: options.vReset === undefined ? -0.1 : options.vReset });
    this.tau = checkEach(what, "tau", options.tau ?? 2, checkTime);
    this.deltaT = checkEach(what, "deltaT", options.deltaT ?? 1, aboveZero);
    this.thetaRh = checkEach(what, "thetaRh", options.thetaRh ?? 0.8);
    this.vRest = checkEach(what, "vRest", options.vRest ?? 0);
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override describe(): NeuronDescription {
    const { kind, options, tau, deltaT, thetaRh, vRest: rest } = this;
    const decay = eachFrom(tau, (tau) => 1 / tau);
    return { ...options, kind, wgsl: neuron.eif, constants: { decay, deltaT, thetaRh, rest } };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const { tau, deltaT, thetaRh, vRest } = this;
    return {
      ...super.toJSON(),
      tau: valueToJson(tau),
      deltaT: valueToJson(deltaT),
      thetaRh: valueToJson(thetaRh),
      vRest: valueToJson(vRest),
    };
  }
}

function aboveZero(what: string, name: string, value: number): number {
  return checkAbove(what, name, value, 0);
}
