import * as loss from "../../kernels/loss/mod.ts";
import type { Loss } from "../core/loss.ts";
import { sampleLoss } from "./sample_loss.ts";

/**
 * Softmax cross-entropy on spike counts. It reads spikes `[T, batch, classes]`:
 *
 * ```text
 * count = spikes over T
 * loss = mean over the batch of -log softmax(counts)[label]
 * ```
 *
 * Source: `F.cross_entropy(count, label)` of PyTorch; `ce_count_loss` of snnTorch.
 *
 * @returns The loss.
 *
 * @example
 * ```ts
 * import { countCrossEntropy } from "@galvani/snn";
 *
 * const loss = countCrossEntropy();
 * ```
 */
export function countCrossEntropy(): Loss {
  return sampleLoss({
    name: "countCrossEntropy",
    reads: "counts",
    wgsl: loss.softmaxCrossEntropy,
    values: ({ batchSize }) => ({
      ownRates: false,
      scoreScale: 1,
      gradientScale: 1 / batchSize,
    }),
  });
}
