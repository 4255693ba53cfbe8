import * as neuron from "../../kernels/neuron/mod.ts";
import type { LayerJson } from "../core/layer.ts";
import type { NeuronDescription, NeuronValue } from "./model.ts";
import { NeuronLayer } from "./neuron_layer.ts";
import { checkTimeConstant, decayOf, type TimeConstant, timeToJson } from "./time_constant.ts";
import { checkEach, valueToJson } from "./values.ts";

/** Options of {@linkcode LiNode}. */
export interface LiNodeOptions {
  /**
   * The membrane's time constant, in time steps, at least 1.
   *
   * @default {2}
   */
  tau?: TimeConstant;
  /**
   * Whether the input decays too: it is divided by `tau`.
   *
   * @default {true}
   */
  decayInput?: boolean;
  /**
   * The potential that it leaks to.
   *
   * @default {0}
   */
  vRest?: NeuronValue;
  /** The potential before the first step. By default `vRest`. */
  vInit?: NeuronValue;
}

/**
 * Leaky integrators: neurons that don't fire. The layer gives their potential after each step,
 * `[T, batch, features]`, as numbers over time: what a classifier of sequences ends with.
 *
 * ```text
 * v = v + (x - (v - vRest)) / tau        (decayInput)
 *     v - (v - vRest) / tau + x          (otherwise)
 * ```
 *
 * Potentials and currents are without unit, a time step is 1; a learned time constant is saved as "w".
 *
 * Where the numbers come from another program: `tau = 1 / (1 - beta)` without `decayInput` for snnTorch's
 * `Leaky` with `reset_mechanism="none"`; `tau = 1 / (dt tau_mem_inv)` for Norse's `LIBox`; `tau / dt` for
 * NIR's `LI`, `vRest` being `v_leak`, with `decayInput` where R is 1 and without where it is `tau / dt`.
 *
 * @example
 * ```ts
 * import { LiNode } from "@galvani/snn";
 *
 * const readout = new LiNode({ tau: 20 });
 * ```
 */
export class LiNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "LiNode";
  /** The membrane's time constant, in time steps. */
  readonly tau: TimeConstant;
  /** Whether the input is divided by `tau`. */
  readonly decayInput: boolean;
  /** The potential that it leaks to. */
  readonly vRest: NeuronValue;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If the time constant is less than 1 (one that is learned must be greater), or a
   * potential isn't finite.
   */
  constructor(options: LiNodeOptions = {}) {
    const what = "Cannot create leaky integrators";
    const vRest = checkEach(what, "vRest", options.vRest ?? 0);
    super(what, { vInit: options.vInit ?? vRest });
    this.vRest = vRest;
    this.tau = checkTimeConstant(what, "tau", options.tau ?? 2);
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
      constants: { decay: decayOf(this.tau, "w"), rest: this.vRest },
      choices: { decayInput: this.decayInput },
      affine: true,
      fires: false,
    };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const { kind, tau, decayInput, vRest, options } = this;
    return {
      kind,
      tau: timeToJson(tau),
      decayInput,
      vRest: valueToJson(vRest),
      vInit: valueToJson(options.vInit),
    };
  }
}
