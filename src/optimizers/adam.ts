import * as optimizer from "../../kernels/optimizer/mod.ts";
import type { UpdateValues } from "../core/feed.ts";
import type { Optimizer, OptimizerState } from "../core/optimizer.ts";
import type { Parameter, Scope } from "../core/scope.ts";
import { checkAbove } from "../validate.ts";
import { checkAtLeast } from "./checks.ts";
import { compileUpdate } from "./update.ts";

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

/** What {@linkcode Adam} and {@linkcode AdamW} have in common: all but how the weights decay. */
export abstract class AdamBase implements Optimizer {
  /** Its name in logs. */
  abstract readonly name: string;
  /** The step size that a {@linkcode Scheduler} starts from. */
  readonly learningRate: number;
  /** Decay rates of the moments. */
  readonly betas: readonly [number, number];
  /** Added to the denominator. */
  readonly epsilon: number;
  /** How strongly the weights decay. */
  readonly weightDecay: number;
  readonly #decoupled: boolean;

  /**
   * Checks the options and fills in those left out.
   *
   * @param className The optimizer's name in messages.
   * @param options The options.
   * @param decoupled Whether the weights decay apart from the gradient.
   * @throws {RangeError} If the learning rate or epsilon isn't above 0, a beta isn't in [0, 1), or the
   * weight decay is below 0.
   */
  constructor(className: string, options: AdamOptions, decoupled: boolean) {
    const what = `Cannot create the ${className} optimizer`;
    this.betas = options.betas ?? [0.9, 0.999];
    for (const beta of this.betas) {
      if (!(beta >= 0 && beta < 1)) {
        throw new RangeError(
          `${what} as betas must be at least 0 and less than 1: current value is ${beta}`,
        );
      }
    }
    this.learningRate = checkAbove(what, "learningRate", options.learningRate ?? 1e-3, 0);
    this.epsilon = checkAbove(what, "epsilon", options.epsilon ?? 1e-8, 0);
    this.weightDecay = checkAtLeast(what, "weightDecay", options.weightDecay ?? 0, 0);
    this.#decoupled = decoupled;
  }

  /**
   * Adds the update of one parameter to a program.
   *
   * @param scope The optimizer's view of the program.
   * @param parameter The parameter.
   * @returns What the optimizer keeps of it, by name.
   */
  compile(scope: Scope, parameter: Parameter): Promise<OptimizerState> {
    const [beta1, beta2] = this.betas;
    const decoupled = this.#decoupled && parameter.decays;
    return compileUpdate(scope, parameter, {
      name: decoupled ? "optimizer/adam, decoupled" : "optimizer/adam",
      text: optimizer.adam,
      values: {
        decoupled,
        weightDecay: parameter.decays && !this.#decoupled ? this.weightDecay : 0,
        beta1,
        beta2,
        oneMinusBeta1: 1 - beta1,
        oneMinusBeta2: 1 - beta2,
        epsilon: this.epsilon,
      },
      state: ["first_moment", "second_moment"],
    });
  }

  /**
   * The bias corrections of a step, and how much its weights decay.
   *
   * @param step The step, from 1.
   * @param learningRate The step size in this step.
   * @returns `learningRate / (1 - beta1^n)`, `1 / sqrt(1 - beta2^n)`, `learningRate weightDecay`, and
   * one unused.
   */
  stepValues(step: number, learningRate: number): UpdateValues {
    const [beta1, beta2] = this.betas;
    return [
      learningRate / (1 - beta1 ** step),
      1 / Math.sqrt(1 - beta2 ** step),
      learningRate * this.weightDecay,
      0,
    ];
  }
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
export class Adam extends AdamBase {
  /** Its name in logs. */
  override readonly name = "adam";

  /**
   * Describes the optimizer.
   *
   * @param options Its constants.
   * @throws {RangeError} If the learning rate or epsilon isn't above 0, a beta isn't in [0, 1), or the
   * weight decay is below 0.
   */
  constructor(options: AdamOptions = {}) {
    super("Adam", options, false);
  }
}
