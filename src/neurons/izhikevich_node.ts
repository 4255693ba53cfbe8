import * as neuron from "../../kernels/neuron/mod.ts";
import type { LayerJson } from "../core/layer.ts";
import type { NeuronDescription, NeuronValue } from "./model.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
import { checkEach, checkTime, eachFrom, valueToJson } from "./values.ts";

/** Options of {@linkcode IzhikevichNode}. */
export interface IzhikevichNodeOptions extends NeuronOptions {
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
   * @default {-0.1}
   */
  vRest?: NeuronValue;
  /**
   * The time constant of the recovery current, in time steps, at least 1.
   *
   * @default {2}
   */
  tauW?: NeuronValue;
  /**
   * How much of the potential the recovery current follows.
   *
   * @default {0}
   */
  a?: NeuronValue;
  /**
   * What a spike adds to the recovery current.
   *
   * @default {0}
   */
  b?: NeuronValue;
  /**
   * The recovery current before the first step.
   *
   * @default {0}
   */
  wInit?: NeuronValue;
}

/**
 * Izhikevich's neurons: quadratic integrate-and-fire with a recovery current w, which holds the potential down
 * after it rose and after spikes.
 *
 * ```text
 * charge    h = v + (x + a0 (v - vRest) (v - vC) - w) / tau
 * recovery  w = w + (a (h - vRest) - w) / tauW + b s
 * ```
 *
 * Fire and reset as in {@linkcode NeuronLayer}; `detachReset` is about the potential: gradients always go by way of
 * `b`. The state's variables are "v" and "w". Source: `IzhikevichNode` of SpikingJelly, whose `w_rest` is
 * `wInit`; Izhikevich, IEEE Transactions on Neural Networks 14 (2003).
 *
 * @example
 * ```ts
 * import { IzhikevichNode, Linear, Sequential } from "@galvani/snn";
 *
 * const neurons = new IzhikevichNode({ tauW: 10, a: 0.1, b: 0.5 });
 * const network = new Sequential([new Linear(64, 10), neurons]);
 * ```
 */
export class IzhikevichNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "IzhikevichNode";
  /** What these neurons have besides, defaults filled in. */
  readonly constants: Readonly<Required<Omit<IzhikevichNodeOptions, keyof NeuronOptions>>>;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If a time constant is less than 1, or another constant isn't finite.
   */
  constructor(options: IzhikevichNodeOptions = {}) {
    const what = "Cannot create Izhikevich's neurons";
    super(what, options);
    this.constants = {
      tau: checkEach(what, "tau", options.tau ?? 2, checkTime),
      vC: checkEach(what, "vC", options.vC ?? 0.8),
      a0: checkEach(what, "a0", options.a0 ?? 1),
      vRest: checkEach(what, "vRest", options.vRest ?? -0.1),
      tauW: checkEach(what, "tauW", options.tauW ?? 2, checkTime),
      a: checkEach(what, "a", options.a ?? 0),
      b: checkEach(what, "b", options.b ?? 0),
      wInit: checkEach(what, "wInit", options.wInit ?? 0),
    };
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override describe(): NeuronDescription {
    const { tau, vC, a0, vRest: rest, tauW, a, b, wInit } = this.constants;
    const [decay, recoveryDecay] = [tau, tauW].map((time) => eachFrom(time, (tau) => 1 / tau));
    return {
      ...this.options,
      kind: this.kind,
      wgsl: neuron.izhikevich,
      state: ["v", "w"],
      constants: { decay: decay!, recoveryDecay: recoveryDecay!, vC, a0, rest, a, b },
      initial: { w: wInit },
      adapts: true,
    };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const constants = Object.entries(this.constants);
    return {
      ...super.toJSON(),
      ...Object.fromEntries(constants.map(([name, value]) => [name, valueToJson(value)])),
    };
  }
}
