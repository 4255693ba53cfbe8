import type { Compilation, Parameter } from "../signal/compilation.ts";
import type { AdamOptions } from "./adam.ts";
import { adamConstants, adamStepValues, compileAdam } from "./adam_update.ts";
import type { Optimizer, OptimizerState } from "./optimizer.ts";

/** Options of {@linkcode AdamW}. */
export interface AdamWOptions extends AdamOptions {
  /**
   * The share of each weight that is taken away in a step, times the learning rate.
   *
   * @default {0.01}
   */
  weightDecay?: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as `torch.optim.AdamW`: the decay
 * doesn't pass through the moments.
 *
 * ```text
 * p *= 1 - learningRate weightDecay;  then as Adam without weight decay
 * ```
 *
 * @example
 * ```ts
 * import { AdamW } from "@galvani/snn";
 *
 * const optimizer = new AdamW({ learningRate: 1e-3, weightDecay: 0.05 });
 * ```
 */
export class AdamW implements Optimizer {
  /** Its name in logs. */
  readonly name = "adamw";
  /** The step size that a {@linkcode Scheduler} starts from. */
  readonly learningRate: number;
  /** Decay rates of the moments. */
  readonly betas: readonly [number, number];
  /** Added to the denominator. */
  readonly epsilon: number;
  /** How strongly the weights decay. */
  readonly weightDecay: number;

  /**
   * Describes the optimizer.
   *
   * @param options Its constants.
   * @throws {RangeError} If the learning rate or epsilon isn't above 0, a beta isn't in [0, 1), or the
   * weight decay is below 0.
   */
  constructor(options: AdamWOptions = {}) {
    const constants = adamConstants("AdamW", options, 0.01);
    this.learningRate = constants.learningRate;
    this.betas = constants.betas;
    this.epsilon = constants.epsilon;
    this.weightDecay = constants.weightDecay;
  }

  /**
   * Adds the update of one parameter to a plan.
   *
   * @param compilation The plan in the making.
   * @param parameter The parameter.
   * @returns What the optimizer keeps of it, by name.
   */
  compile(compilation: Compilation, parameter: Parameter): Promise<OptimizerState> {
    return compileAdam(compilation, parameter, this, true);
  }

  /**
   * The bias corrections of a step and its decay.
   *
   * @param step The step, from 1.
   * @param learningRate The step size in this step.
   * @returns `learningRate / (1 - beta1^n)`, `1 / sqrt(1 - beta2^n)`, `learningRate weightDecay`,
   * and one unused.
   */
  stepValues(step: number, learningRate: number): readonly [number, number, number, number] {
    return adamStepValues(this, step, learningRate);
  }
}
