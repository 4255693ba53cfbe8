import * as neuron from "../../kernels/neuron/mod.ts";
import type { LayerJson } from "../core/layer.ts";
import type { NeuronDescription, NeuronValue } from "./model.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
import { checkEach, checkTime, eachFrom, valueToJson } from "./values.ts";

/** Options of {@linkcode QifNode}. */
export interface QifNodeOptions extends NeuronOptions {
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
   * The potential above which it rises by itself.
   *
   * @default {0.8}
   */
  vC?: NeuronValue;
  /**
   * How steep the parabola is.
   *
   * @default {1}
   */
  a0?: NeuronValue;
  /**
   * The potential that it leaks to from below `vC`.
   *
   * @default {0}
   */
  vRest?: NeuronValue;
}

/**
 * Quadratic integrate-and-fire neurons: below `vC` the potential falls to `vRest`, above it rises by itself.
 *
 * ```text
 * charge  h = v + (x + a0 (v - vRest) (v - vC)) / tau
 * ```
 *
 * Fire and reset as in {@linkcode NeuronLayer}. Source: `QIFNode` of SpikingJelly; Gerstner et al., Neuronal
 * Dynamics (2014), 5.3.
 *
 * @example
 * ```ts
 * import { Linear, QifNode, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([new Linear(64, 10), new QifNode({ tau: 2, vC: 0.5 })]);
 * ```
 */
export class QifNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "QifNode";
  /** The membrane's time constant, in time steps. */
  readonly tau: NeuronValue;
  /** The potential above which it rises by itself. */
  readonly vC: NeuronValue;
  /** How steep the parabola is. */
  readonly a0: NeuronValue;
  /** The potential that it leaks to. */
  readonly vRest: NeuronValue;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If the time constant is less than 1, or another constant isn't finite.
   */
  constructor(options: QifNodeOptions = {}) {
    const what = "Cannot create quadratic integrate-and-fire neurons";
    super(what, { ...options, vReset: options.vReset === undefined ? -0.1 : options.vReset });
    this.tau = checkEach(what, "tau", options.tau ?? 2, checkTime);
    this.vC = checkEach(what, "vC", options.vC ?? 0.8);
    this.a0 = checkEach(what, "a0", options.a0 ?? 1);
    this.vRest = checkEach(what, "vRest", options.vRest ?? 0);
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override describe(): NeuronDescription {
    const { kind, options, tau, vC, a0, vRest: rest } = this;
    const decay = eachFrom(tau, (tau) => 1 / tau);
    return { ...options, kind, wgsl: neuron.qif, constants: { decay, a0, vC, rest } };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const { tau, vC, a0, vRest } = this;
    return {
      ...super.toJSON(),
      tau: valueToJson(tau),
      vC: valueToJson(vC),
      a0: valueToJson(a0),
      vRest: valueToJson(vRest),
    };
  }
}
