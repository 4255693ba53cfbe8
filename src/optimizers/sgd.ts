import * as optimizer from "../../kernels/optimizer/mod.ts";
import type { UpdateValues } from "../core/feed.ts";
import type { Optimizer, OptimizerState } from "../core/optimizer.ts";
import type { Parameter, Scope } from "../core/scope.ts";
import { checkAbove, checkFinite } from "../validate.ts";
import { checkAtLeast } from "./checks.ts";
import { compileUpdate } from "./update.ts";

/** Options of {@linkcode Sgd}. */
export interface SgdOptions {
  /**
   * The step size.
   *
   * @default {1e-3}
   */
  learningRate?: number;
  /**
   * The share of the velocity that is kept from one step to the next; 0 keeps none.
   *
   * @default {0}
   */
  momentum?: number;
  /**
   * The share of the gradient that is kept out of the velocity, from the second step on.
   *
   * @default {0}
   */
  dampening?: number;
  /**
   * The share of each weight that is added to its gradient (an L2 penalty).
   *
   * @default {0}
   */
  weightDecay?: number;
  /**
   * Whether the velocity is looked at one step ahead; needs momentum and no dampening.
   *
   * @default {false}
   */
  nesterov?: boolean;
}

/**
 * Stochastic gradient descent, as `torch.optim.SGD`:
 *
 * ```text
 * g += weightDecay p
 * b = g in the first step, then momentum b + (1 - dampening) g
 * p -= learningRate (g without momentum, b with it, g + momentum b with nesterov)
 * ```
 *
 * @example
 * ```ts
 * import { Sgd } from "@galvani/snn";
 *
 * const optimizer = new Sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true });
 * ```
 */
export class Sgd implements Optimizer {
  /** Its name in logs. */
  readonly name = "sgd";
  /** The step size that a {@linkcode Scheduler} starts from. */
  readonly learningRate: number;
  /** The share of the velocity that is kept. */
  readonly momentum: number;
  /** The share of the gradient that is kept out of the velocity. */
  readonly dampening: number;
  /** The share of each weight that is added to its gradient. */
  readonly weightDecay: number;
  /** Whether the velocity is looked at one step ahead. */
  readonly nesterov: boolean;

  /**
   * Describes the optimizer.
   *
   * @param options Its constants.
   * @throws {RangeError} If the learning rate isn't above 0, momentum or the weight decay is below 0,
   * or `nesterov` comes without momentum or with dampening.
   */
  constructor(options: SgdOptions = {}) {
    const what = "Cannot create the Sgd optimizer";
    this.learningRate = checkAbove(what, "learningRate", options.learningRate ?? 1e-3, 0);
    this.momentum = checkAtLeast(what, "momentum", options.momentum ?? 0, 0);
    this.dampening = checkFinite(what, "dampening", options.dampening ?? 0);
    this.weightDecay = checkAtLeast(what, "weightDecay", options.weightDecay ?? 0, 0);
    this.nesterov = options.nesterov ?? false;
    if (this.nesterov && this.momentum === 0) {
      throw new RangeError(
        `${what} as momentum must be greater than 0 with nesterov: current value is 0`,
      );
    }
    if (this.nesterov && this.dampening !== 0) {
      throw new RangeError(
        `${what} as dampening must be 0 with nesterov: current value is ${this.dampening}`,
      );
    }
  }

  /**
   * Adds the update of one parameter to a program.
   *
   * @param scope The optimizer's view of the program.
   * @param parameter The parameter.
   * @returns What the optimizer keeps of it, by name.
   */
  compile(scope: Scope, parameter: Parameter): Promise<OptimizerState> {
    return compileUpdate(scope, parameter, {
      name: "optimizer/sgd",
      text: optimizer.sgd,
      values: {
        momentum: this.momentum,
        oneMinusDampening: 1 - this.dampening,
        weightDecay: parameter.decays ? this.weightDecay : 0,
        nesterov: this.nesterov,
      },
      state: this.momentum ? ["velocity"] : [],
    });
  }

  /**
   * The learning rate, and whether the velocity starts with this step.
   *
   * @param step The step, from 1.
   * @param learningRate The step size in this step.
   * @returns `learningRate`, 1 in the first step and 0 after it, and two unused.
   */
  stepValues(step: number, learningRate: number): UpdateValues {
    return [learningRate, step === 1 ? 1 : 0, 0, 0];
  }
}
