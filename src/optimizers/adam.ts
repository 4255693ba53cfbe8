import { lib, optimizer } from "../../kernels/mod.ts";
import { workgroupsFor } from "../gpu/kernel.ts";
import type { Compilation, Parameter } from "../signal/compilation.ts";
import { checkAbove } from "../validate.ts";
import type { Optimizer } from "./optimizer.ts";

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
}

/**
 * The Adam optimizer (Kingma and Ba, 2015), as `torch.optim.Adam`.
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
  /** The step size. */
  readonly learningRate: number;
  /** Decay rates of the moments. */
  readonly betas: readonly [number, number];
  /** Added to the denominator. */
  readonly epsilon: number;

  /**
   * Describes the optimizer.
   *
   * @param options Its constants.
   * @throws {RangeError} If the learning rate or epsilon isn't above 0, or a beta isn't in [0, 1).
   */
  constructor(options: AdamOptions = {}) {
    const what = "Cannot create the Adam optimizer";
    this.learningRate = checkAbove(
      what,
      "learningRate",
      options.learningRate ?? 1e-3,
      0,
    );
    this.betas = options.betas ?? [0.9, 0.999];
    for (const beta of this.betas) {
      if (!(beta >= 0 && beta < 1)) {
        throw new RangeError(
          `${what} as betas must be at least 0 and less than 1: current value is ${beta}`,
        );
      }
    }
    this.epsilon = checkAbove(what, "epsilon", options.epsilon ?? 1e-8, 0);
  }

  /**
   * Adds the update of one parameter to a plan.
   *
   * @param compilation The plan in the making.
   * @param parameter The parameter.
   */
  async compile(compilation: Compilation, parameter: Parameter): Promise<void> {
    const { gpu, steps } = compilation;
    const quads = Math.ceil(parameter.size / 4);
    const [beta1, beta2] = this.betas;
    const kernel = await gpu.compile({
      name: "optimizer/adam",
      texts: [lib.batch, optimizer.adam],
      values: {
        copies: parameter.copies,
        quads,
        beta1,
        beta2,
        oneMinusBeta1: 1 - beta1,
        oneMinusBeta2: 1 - beta2,
        epsilon: this.epsilon,
      },
    });
    compilation.add(
      "update",
      await kernel.bind({
        step: steps,
        gradient: parameter.gradient,
        parameters: parameter.values,
        first_moment: compilation.buffer(quads * 16, "first moment"),
        second_moment: compilation.buffer(quads * 16, "second moment"),
      }, workgroupsFor(quads, 64)),
    );
  }

  /**
   * The bias corrections of a step.
   *
   * @param step The step, from 1.
   * @returns `learningRate / (1 - beta1^n)`, `1 / sqrt(1 - beta2^n)`, and two unused.
   */
  stepValues(step: number): readonly [number, number, number, number] {
    const [beta1, beta2] = this.betas;
    return [
      this.learningRate / (1 - beta1 ** step),
      1 / Math.sqrt(1 - beta2 ** step),
      0,
      0,
    ];
  }
}
