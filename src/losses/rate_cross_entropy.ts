import { loss } from "../../kernels/mod.ts";
import { compileCountLoss } from "./batch_loss.ts";
import type { Loss } from "./loss.ts";

/**
 * Softmax cross-entropy on firing rates. It reads spikes `[T, batch, classes]`:
 *
 * ```text
 * rate = spikes over T / T
 * loss = mean over the batch of -log softmax(rates)[label]
 * ```
 *
 * Rates are at most 1, so the loss never comes near 0; {@linkcode countCrossEntropy} has no such
 * floor.
 *
 * Source: `F.cross_entropy(rate, label)` of PyTorch, as many SpikingJelly networks are trained.
 * (`ce_rate_loss` of snnTorch is something else: cross-entropy at each time step.)
 *
 * @returns The loss.
 *
 * @example
 * ```ts
 * import { rateCrossEntropy } from "@galvani/snn";
 *
 * const loss = rateCrossEntropy();
 * ```
 */
export function rateCrossEntropy(): Loss {
  const name = "rateCrossEntropy";
  return {
    name,
    compile(compilation, output) {
      const { batchSize, timeSteps } = compilation;
      return compileCountLoss(compilation, output, {
        name,
        texts: [loss.softmaxCrossEntropy],
        values: { scoreScale: 1 / timeSteps, gradientScale: 1 / (batchSize * timeSteps) },
      });
    },
  };
}
