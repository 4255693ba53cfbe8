/**
 * What {@linkcode Adam} and {@linkcode AdamW} have in common: all but how the weights decay.
 *
 * @module
 */

import { optimizer } from "../../kernels/mod.ts";
import type { Compilation, Parameter } from "../signal/compilation.ts";
import { checkAbove } from "../validate.ts";
import type { AdamOptions } from "./adam.ts";
import { checkAtLeast } from "./checks.ts";
import type { OptimizerState } from "./optimizer.ts";
import { compileUpdate } from "./update.ts";

/**
 * Checks the options and fills in those left out.
 *
 * @param name The optimizer's name in messages.
 * @param options The options.
 * @param weightDecay The weight decay where the options have none.
 * @returns All options.
 * @throws {RangeError} If one is out of range.
 */
export function adamConstants(
  name: string,
  options: AdamOptions,
  weightDecay: number,
): Required<AdamOptions> {
  const what = `Cannot create the ${name} optimizer`;
  const betas = options.betas ?? [0.9, 0.999];
  for (const beta of betas) {
    if (!(beta >= 0 && beta < 1)) {
      throw new RangeError(
        `${what} as betas must be at least 0 and less than 1: current value is ${beta}`,
      );
    }
  }
  return {
    learningRate: checkAbove(what, "learningRate", options.learningRate ?? 1e-3, 0),
    betas,
    epsilon: checkAbove(what, "epsilon", options.epsilon ?? 1e-8, 0),
    weightDecay: checkAtLeast(what, "weightDecay", options.weightDecay ?? weightDecay, 0),
  };
}

/**
 * Adds the update of one parameter to a plan.
 *
 * @param compilation The plan in the making.
 * @param parameter The parameter.
 * @param constants The optimizer's options.
 * @param decoupled Whether the weights decay apart from the gradient: AdamW.
 * @returns What the optimizer keeps of it, by name.
 */
export function compileAdam(
  compilation: Compilation,
  parameter: Parameter,
  constants: Required<AdamOptions>,
  decoupled: boolean,
): Promise<OptimizerState> {
  const [beta1, beta2] = constants.betas;
  return compileUpdate(compilation, parameter, {
    name: decoupled ? "optimizer/adam, decoupled" : "optimizer/adam",
    text: optimizer.adam,
    values: {
      decoupled,
      weightDecay: constants.weightDecay,
      beta1,
      beta2,
      oneMinusBeta1: 1 - beta1,
      oneMinusBeta2: 1 - beta2,
      epsilon: constants.epsilon,
    },
    state: ["first_moment", "second_moment"],
  });
}

/**
 * What varies from step to step.
 *
 * @param constants The optimizer's options.
 * @param step The step, from 1.
 * @param learningRate The step size in this step.
 * @returns `learningRate / (1 - beta1^n)`, `1 / sqrt(1 - beta2^n)`, `learningRate weightDecay`, and
 * one unused.
 */
export function adamStepValues(
  constants: Required<AdamOptions>,
  step: number,
  learningRate: number,
): readonly [number, number, number, number] {
  const [beta1, beta2] = constants.betas;
  return [
    learningRate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    learningRate * constants.weightDecay,
    0,
  ];
}
