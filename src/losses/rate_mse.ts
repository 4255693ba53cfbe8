import * as loss from "../../kernels/loss/mod.ts";
import type { Loss, LossShape, NeuronLoss } from "../core/loss.ts";
import { sizeOf } from "../core/shape.ts";
import { checkFinite } from "../validate.ts";
import { compileCountLoss } from "./batch_loss.ts";

/** Options of {@linkcode rateMse}: firing rates in spikes per time step, 0 to 1 where reachable. */
export interface RateMseOptions {
  /**
   * The rate that the label's neuron should fire at.
   *
   * @default {1}
   */
  correctRate?: number;
  /**
   * The rate that the other neurons should fire at.
   *
   * @default {0}
   */
  wrongRate?: number;
}

/**
 * Mean squared error between each neuron's firing rate and its target. It reads spikes
 * `[T, batch, classes]`:
 *
 * ```text
 * rate = spikes over T / T
 * loss = mean over batch and classes of (rate - target)^2
 * target = correctRate for the label's neuron, wrongRate for the others
 * ```
 *
 * Source: with the defaults, `F.mse_loss(rate, one_hot)` of PyTorch, as SpikingJelly's tutorial has
 * it. The targets are those of `mse_count_loss` of snnTorch, which is T times as large and rounds
 * T target down.
 *
 * @param options The targets.
 * @returns The loss.
 * @throws {RangeError} If a target isn't finite.
 *
 * @example
 * ```ts
 * import { rateMse } from "@galvani/snn";
 *
 * const loss = rateMse({ correctRate: 0.9, wrongRate: 0.1 });
 * ```
 */
export function rateMse(options: RateMseOptions = {}): Loss {
  const name = "rateMse";
  const what = `Cannot create the loss ${name}`;
  const correctRate = checkFinite(what, "correctRate", options.correctRate ?? 1);
  const wrongRate = checkFinite(what, "wrongRate", options.wrongRate ?? 0);
  const neuronLoss = ({ batchSize, timeSteps, classes }: LossShape): NeuronLoss => ({
    wgsl: loss.rateMse,
    values: {
      timeSteps,
      correctRate,
      wrongRate,
      lossScale: 1 / classes,
      gradientScale: 2 / (batchSize * classes * timeSteps),
    },
  });
  return {
    name,
    neuronLoss,
    compile(scope, output) {
      const { batchSize, timeSteps } = scope;
      const classes = sizeOf(output.shape);
      const { wgsl, values } = neuronLoss({ batchSize, timeSteps, classes });
      return compileCountLoss(scope, output, {
        name,
        texts: [wgsl, loss.independent],
        values,
      });
    },
  };
}
