import type { LayerJson } from "../../core/layer.ts";
import type { Declarations } from "../../core/tensor_spec.ts";
import { checkCount, checkFinite } from "../../validate.ts";
import type { ParallelNeuronOptions } from "./parallel_neurons.ts";
import { Psn } from "./psn.ts";
import { LAMBDA, type ParallelWeights } from "./weights.ts";

/** Options of {@linkcode MaskedPsn}. */
export interface MaskedPsnOptions extends ParallelNeuronOptions {
  /**
   * How much of the mask is on at first: 0, none of it; 1 and more, all.
   *
   * @default {0}
   */
  lambda?: number;
}

/**
 * Parallel spiking neurons that are masked: with the whole mask a charge sees the last k time steps only, its own among
 * them, and none to come.
 *
 * ```text
 * h[t] = bias[t] + sum over s of mask[t][s] weight[t][s] x[s]
 * s[t] = 1 if h[t] >= 0 else 0
 * mask[t][s] = 1 if t - k < s <= t else 1 - lambda
 * ```
 *
 * `weight` `[T, T]` and `bias` `[T, 1]` start as those of {@linkcode Psn}. `_lambda_` `[]` is kept and saved beside
 * them, but not learned: a training that begins with all time steps moves it to 1 by `model.load`, here halfway:
 *
 * ```ts ignore
 * model.load(new Map([["layer.1._lambda_", { shape: [], data: Float32Array.of(0.5) }]]), { strict: false });
 * ```
 *
 * Source: `MaskedPSN` of SpikingJelly, whose state dict has `mask0` and `mask1` besides: `constants` of
 * `matchParameters`. Fang et al., NeurIPS 2023 (arXiv 2304.12760).
 *
 * @example
 * ```ts
 * import { Linear, MaskedPsn, Sequential } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * // Two time steps back, of 16.
 * const network = new Sequential([new Linear(784, 10), new MaskedPsn(3, 16, { lambda: 1 })]);
 * assertEquals(network.outputShape([784]), [10]);
 * ```
 */
export class MaskedPsn extends Psn {
  /** The kind of neuron. */
  override readonly kind = "MaskedPsn";
  /** How many time steps a charge sees with the whole mask. */
  readonly k: number;
  /** How much of the mask is on at first. */
  readonly lambda: number;

  /**
   * Describes the neurons.
   *
   * @param k How many time steps a charge sees with the whole mask, its own among them.
   * @param timeSteps T, the number of time steps of the models that they are part of.
   * @param options How much of the mask is on at first, and the surrogate gradient.
   * @throws {RangeError} If `k` or `timeSteps` isn't an integer of at least 1, or `lambda` isn't finite.
   */
  constructor(k: number, timeSteps: number, options: MaskedPsnOptions = {}) {
    super(timeSteps, options);
    const what = "Cannot create masked parallel neurons";
    this.k = checkCount(what, "k", k);
    this.lambda = checkFinite(what, "lambda", options.lambda ?? 0);
  }

  /** How they weigh what comes in. */
  protected override get weights(): ParallelWeights {
    return { kind: "masked", order: Math.min(this.k, this.timeSteps) };
  }

  /**
   * Declares `weight`, `bias`, and `_lambda_`, which is kept.
   *
   * @param declarations Where to.
   */
  override declare(declarations: Declarations): void {
    super.declare(declarations);
    declarations.state(LAMBDA, { shape: [], init: () => Float32Array.of(this.lambda) });
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const { k, lambda } = this;
    return { ...super.toJSON(), k, lambda };
  }

  /** What a summary calls it. */
  override title(): string {
    return `${super.title()}, k ${this.k}`;
  }
}
