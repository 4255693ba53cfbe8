import type { TemplateValues } from "../gpu/template.ts";
import { sizeOf } from "../core/shape.ts";
import type { Loss, LossShape } from "../core/loss.ts";
import { compileCountLoss, compileValueLoss } from "./batch_loss.ts";

/** What tells a loss of one's own from others. */
export interface SampleLossOptions {
  /** Its name in messages and logs. */
  readonly name: string;
  /**
   * What it reads of a network's output: `"counts"`, spikes over T of each class, or `"values"`, a number of
   * each class; values over time are read out first, as the model's `readout` says.
   */
  readonly reads: "counts" | "values";
  /**
   * WGSL with `fn sample_loss(first: u32, label: u32) -> f32`, the loss of one sample. It reads the score
   * of class c by `score(first + c)`, `classes` being how many there are, and says the derivative of the
   * batch's mean loss by `set_gradient(first + c, gradient)`: for counts that for each spike.
   */
  readonly wgsl: string;
  /**
   * Values of the `override` constants that the WGSL declares. Where samples may end before T, they can't follow
   * from it.
   *
   * @default {none}
   */
  readonly values?: (shape: LossShape) => TemplateValues;
}

/**
 * A loss of one's own, from the scores of each sample.
 *
 * @param options What it reads, and its WGSL.
 * @returns The loss.
 *
 * @example
 * ```ts
 * import { sampleLoss } from "@galvani/snn/extend";
 *
 * // The mean absolute error between values and a one-hot target.
 * const absoluteError = sampleLoss({
 *   name: "absoluteError",
 *   reads: "values",
 *   wgsl: `
 * override scale: f32;  // 1 / (batch * classes)
 *
 * fn sample_loss(first: u32, label: u32) -> f32 {
 *   var sum = 0.0;
 *   for (var c = 0u; c < classes; c++) {
 *     let error = score(first + c) - select(0.0, 1.0, c == label);
 *     sum += abs(error);
 *     set_gradient(first + c, sign(error) * scale);
 *   }
 *   return sum / f32(classes);
 * }`,
 *   values: ({ batchSize, classes }) => ({ scale: 1 / (batchSize * classes) }),
 * });
 * ```
 */
export function sampleLoss(options: SampleLossOptions): Loss {
  const { name, reads, wgsl, values = () => ({}) } = options;
  const compile = reads === "values" ? compileValueLoss : compileCountLoss;
  return {
    name,
    compile(scope, output) {
      const { batchSize, timeSteps, lengths } = scope;
      const classes = sizeOf(output.shape);
      const shape = lengths
        ? withoutSteps(name, { batchSize, classes })
        : { batchSize, timeSteps, classes };
      return compile(scope, output, { name, texts: [wgsl], values: values(shape) });
    },
  };
}

/** What a loss is computed over where each sample has time steps of its own. */
function withoutSteps(
  name: string,
  { batchSize, classes }: Omit<LossShape, "timeSteps">,
): LossShape {
  return {
    batchSize,
    classes,
    lengths: true,
    get timeSteps(): number {
      throw new TypeError(
        `Cannot compile the loss ${name} for samples of lengths of their own as its values follow from ` +
          "timeSteps: where the shape has lengths, its WGSL must read own_steps instead",
      );
    },
  };
}
