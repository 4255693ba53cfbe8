import * as neuron from "../../kernels/neuron/mod.ts";
import type { LayerJson } from "../core/layer.ts";
import type { NeuronDescription, NeuronValue } from "./model.ts";
import { NeuronLayer, type NeuronOptions } from "./neuron_layer.ts";
import { checkTimeConstant, decayOf, type TimeConstant, timeToJson } from "./time_constant.ts";
import { checkEach, checkTime, eachFrom, valueToJson } from "./values.ts";

/** Options of {@linkcode AlifNode}. */
export interface AlifNodeOptions extends NeuronOptions {
  /**
   * The membrane's time constant, in time steps, at least 1.
   *
   * @default {2}
   */
  tau?: TimeConstant;
  /**
   * The time constant by which the threshold falls back, in time steps, at least 1.
   *
   * @default {20}
   */
  tauAdapt?: NeuronValue;
  /**
   * How much a neuron that fired at each step would raise its threshold.
   *
   * @default {1.8}
   */
  beta?: NeuronValue;
  /**
   * Whether the input decays too: it is divided by `tau`.
   *
   * @default {true}
   */
  decayInput?: boolean;
}

/**
 * Leaky integrate-and-fire neurons with an adaptive threshold: each spike raises it by `beta / tauAdapt`, and
 * it falls back with the time constant `tauAdapt`.
 *
 * ```text
 * charge  h = v + (x - (v - vReset)) / tau        (decayInput)
 *         h = v - (v - vReset) / tau + x          (otherwise; vReset is 0 for a soft reset)
 *         a = a - a / tauAdapt
 * fire    s = 1 if h >= vThreshold + a else 0
 * reset   v = (1 - s) h + s vReset                (hard)
 *         v = h - s (vThreshold + a)              (soft)
 *         a = a + s beta / tauAdapt
 * ```
 *
 * The state's variables are "v" and "a", which is 0 before the first step; a learned `tau` is saved as "w".
 * `detachReset` is about the potential: gradients always go by way of `a`. Source: the adaptive neurons of
 * Bellec et al., NeurIPS 2018 (LSNN), with `1 / tauAdapt` for their `1 - rho`. Norse's `LSNN` has the same
 * adaptation: its b is `vThreshold + a`, its beta what a spike adds, `beta / tauAdapt`, and `tauAdapt` is
 * `1 / (dt tau_adapt_inv)`; the current that charges it is that of one time step before.
 *
 * @example
 * ```ts
 * import { AlifNode, Recurrent } from "@galvani/snn";
 *
 * const layer = new Recurrent(new AlifNode({ tau: 20, tauAdapt: 200, vReset: null }));
 * ```
 */
export class AlifNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "AlifNode";
  /** The membrane's time constant, in time steps. */
  readonly tau: TimeConstant;
  /** The threshold's time constant, in time steps. */
  readonly tauAdapt: NeuronValue;
  /** How much a neuron that fired at each step would raise its threshold. */
  readonly beta: NeuronValue;
  /** Whether the input decays too. */
  readonly decayInput: boolean;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If a time constant is less than 1 (one that is learned must be greater), or a
   * potential or `beta` isn't finite, or `beta` and `tauAdapt` have different numbers of values.
   */
  constructor(options: AlifNodeOptions = {}) {
    const what = "Cannot create adaptive LIF neurons";
    super(what, options);
    this.tau = checkTimeConstant(what, "tau", options.tau ?? 2);
    this.tauAdapt = checkEach(what, "tauAdapt", options.tauAdapt ?? 20, checkTime);
    this.beta = checkEach(what, "beta", options.beta ?? 1.8);
    this.decayInput = options.decayInput ?? true;
    const { tauAdapt, beta } = this;
    if (
      typeof tauAdapt === "object" && typeof beta === "object" && tauAdapt.length !== beta.length
    ) {
      throw new RangeError(
        `${what} as beta and tauAdapt must have a number for each neuron: ` +
          `they have ${beta.length} and ${tauAdapt.length}`,
      );
    }
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override describe(): NeuronDescription {
    const { tau, tauAdapt, beta, decayInput } = this;
    const betaOf = (i: number) => typeof beta === "number" ? beta : beta[i]!;
    const jump = typeof tauAdapt === "number"
      ? eachFrom(beta, (each) => each / tauAdapt)
      : Float32Array.from(tauAdapt, (each, i) => betaOf(i) / each);
    return {
      ...this.options,
      kind: this.kind,
      wgsl: neuron.alif,
      state: ["v", "a"],
      constants: {
        decay: decayOf(tau, "w"),
        adaptDecay: eachFrom(tauAdapt, (each) => 1 / each),
        jump,
        rest: this.options.vReset ?? 0,
      },
      choices: { decayInput },
      affine: true,
      adapts: true,
    };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const { tau, tauAdapt, beta, decayInput } = this;
    return {
      ...super.toJSON(),
      tau: timeToJson(tau),
      tauAdapt: valueToJson(tauAdapt),
      beta: valueToJson(beta),
      decayInput,
    };
  }
}
