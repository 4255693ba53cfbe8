import type { Compilation, Parameter } from "../signal/compilation.ts";

/** How parameters follow their gradients. */
export interface Optimizer {
  /** Its name in logs. */
  readonly name: string;
  /**
   * Adds the update of one parameter to a plan.
   *
   * @param compilation The plan in the making.
   * @param parameter The parameter.
   */
  compile(compilation: Compilation, parameter: Parameter): Promise<void>;
  /**
   * What varies from step to step: `optimizer` of `Step` in `kernels/lib/batch.wgsl`.
   *
   * @param step The step, from 1.
   * @returns Four numbers.
   */
  stepValues(step: number): readonly [number, number, number, number];
}
