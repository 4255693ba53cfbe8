import * as loss from "../../kernels/loss/mod.ts";
import type { Loss } from "../core/loss.ts";
import { sampleLoss } from "./sample_loss.ts";

/**
 * Softmax cross-entropy for networks that don't end in spikes but in numbers, `[batch, classes]`. Numbers
 * over time, such as the potentials of a `LiNode`, are read out first: their mean, their largest or the
 * last, as the model's `readout` says.
 *
 * ```text
 * loss = mean over the batch of -log softmax(values)[label]
 * ```
 *
 * The answer is the class with the largest value, of equals the lowest. For spikes there are
 * {@linkcode rateCrossEntropy} and {@linkcode countCrossEntropy}.
 *
 * Source: `F.cross_entropy(values, label)` of PyTorch.
 *
 * @returns The loss.
 *
 * @example
 * ```ts
 * import { crossEntropy } from "@galvani/snn";
 *
 * const loss = crossEntropy();
 * ```
 */
export function crossEntropy(): Loss {
  return sampleLoss({
    name: "crossEntropy",
    reads: "values",
    wgsl: loss.softmaxCrossEntropy,
    values: ({ batchSize }) => ({
      ownRates: false,
      scoreScale: 1,
      gradientScale: 1 / batchSize,
    }),
  });
}
