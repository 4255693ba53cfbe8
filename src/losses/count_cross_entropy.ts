import { loss } from "../../kernels/mod.ts";
import { compileCountLoss } from "./batch_loss.ts";
import type { Loss } from "./loss.ts";

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
  const name = "countCrossEntropy";
  return {
    name,
    compile(compilation, output) {
      return compileCountLoss(compilation, output, {
        name,
        texts: [loss.softmaxCrossEntropy],
        values: { scoreScale: 1, gradientScale: 1 / compilation.batchSize },
      });
    },
  };
}
