import type { UpdateValues } from "./feed.ts";
import type { Parameter, Scope } from "./scope.ts";

/** What an optimizer keeps of a parameter from step to step: buffers laid out as the parameter. */
export type OptimizerState = Readonly<Record<string, GPUBuffer>>;

/** How parameters follow their gradients. */
export interface Optimizer {
  /** Its name in logs. */
  readonly name: string;
  /** The step size that a {@linkcode Scheduler} starts from. */
  readonly learningRate: number;
  /**
   * Adds the update of one parameter to a program.
   *
   * @param scope The optimizer's view of the program.
   * @param parameter The parameter.
   * @returns What the optimizer keeps of it, by name.
   */
  compile(scope: Scope, parameter: Parameter): Promise<OptimizerState>;
  /**
   * What varies from step to step.
   *
   * @param step The step, from 1.
   * @param learningRate The step size in this step.
   * @returns Four numbers.
   */
  stepValues(step: number, learningRate: number): UpdateValues;
}
