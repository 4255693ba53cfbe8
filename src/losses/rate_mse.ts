import { loss } from "../../kernels/mod.ts";
import { compileCountLoss } from "./count_loss.ts";
import type { Loss, LossShape, NeuronLoss } from "./loss.ts";

/**
 * Mean squared error between each neuron's firing rate (spikes / T) and the one-hot label: the mean
 * over batch and classes, as `F.mse_loss(rate, one_hot)` of PyTorch.
 *
 * @returns The loss.
 *
 * @example
 * ```ts
 * import { rateMse } from "@galvani/snn";
 *
 * const loss = rateMse();
 * ```
 */
export function rateMse(): Loss {
  const name = "rateMse";
  const neuronLoss = ({ batchSize, timeSteps, classes }: LossShape): NeuronLoss => ({
    wgsl: loss.rateMse,
    values: {
      timeSteps,
      lossScale: 1 / classes,
      gradientScale: 2 / (batchSize * classes * timeSteps),
    },
  });
  return {
    name,
    neuronLoss,
    compile(compilation, output) {
      const { wgsl, values } = neuronLoss({ ...compilation, classes: output.features });
      return compileCountLoss(compilation, output, name, [wgsl, loss.independent], values);
    },
  };
}
