import type { Compilation, Parameter } from "../signal/compilation.ts";
import { adamConstants, adamStepValues, compileAdam } from "./adam_update.ts";
import type { Optimizer, OptimizerState } from "./optimizer.ts";

/** Options of {@linkcode Adam}. */
export interface AdamOptions {
  /**
   * The step size.
   *
   * @default {1e-3}
   */
  learningRate?: number;
  /**
   * Decay rates of the first and the second moment, 0 to below 1.
   *
   * @default {[0.9, 0.999]}
   */
  betas?: readonly [number, number];
  /**
   * Added to the denominator.
   *
   * @default {1e-8}
   */
  epsilon?: number;
  /**
   * The share of each weight that is added to its gradient (an L2 penalty).
   *
   * @default {0}
   */
  weightDecay?: number;
}

/**
 * The Adam optimizer (Kingma and Ba, 2015), as `torch.optim.Adam`:
 *
 * ```text
 * g += weightDecay p;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
 * p -= learningRate (m / (1 - beta1^n)) / (sqrt(v / (1 - beta2^n)) + epsilon)
 * ```
 *
 * @example
 * ```ts
 * import { Adam } from "@galvani/snn";
 *
 * const optimizer = new Adam({ learningRate: 1e-3 });
 * ```
 */
export class Adam implements Optimizer {
  /** Its name in logs. */
  readonly name = "adam";
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
  constructor(options: AdamOptions = {}) {
    const constants = adamConstants("Adam", options, 0);
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
    return compileAdam(compilation, parameter, this, false);
  }

  /**
   * The bias corrections of a step.
   *
   * @param step The step, from 1.
   * @param learningRate The step size in this step.
   * @returns `learningRate / (1 - beta1^n)`, `1 / sqrt(1 - beta2^n)`, `learningRate weightDecay` (unused),
   * and one unused.
   */
  stepValues(step: number, learningRate: number): readonly [number, number, number, number] {
    return adamStepValues(this, step, learningRate);
  }
}
