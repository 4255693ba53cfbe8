import * as loss from "../../kernels/loss/mod.ts";
import type { Loss } from "../core/loss.ts";
import { sampleLoss } from "./sample_loss.ts";

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
 * (`ce_rate_loss` of snnTorch is something else: {@linkcode temporalCrossEntropy}.)
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
  return sampleLoss({
    name: "rateCrossEntropy",
    reads: "counts",
    wgsl: loss.softmaxCrossEntropy,
    values: (shape) =>
      shape.lengths ? { ownRates: true, sampleScale: 1 / shape.batchSize } : {
        ownRates: false,
        scoreScale: 1 / shape.timeSteps,
        gradientScale: 1 / (shape.batchSize * shape.timeSteps),
      },
  });
}
