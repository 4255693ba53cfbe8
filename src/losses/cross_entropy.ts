import { loss } from "../../kernels/mod.ts";
import type { TotalGradient } from "../signal/signal.ts";
import { checkClasses, compileBatchLoss } from "./batch_loss.ts";
import type { Loss } from "./loss.ts";

/**
 * Softmax cross-entropy for networks that don't end in spikes but in values that are the same at
 * each time step, `[batch, classes]`:
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
  const name = "crossEntropy";
  return {
    name,
    async compile(compilation, output): Promise<TotalGradient> {
      if (output.kind !== "constant") {
        throw new TypeError(
          `Cannot compile the loss ${name} as it reads values that are the same at each time ` +
            `step: got a signal of ${output.kind}` +
            (output.kind === "spikes"
              ? "; rateCrossEntropy() and countCrossEntropy() read spikes"
              : ""),
        );
      }
      checkClasses(output, name);
      const { batchSize } = compilation;
      const { features: classes, values } = output;
      const gradients = compilation.buffer(batchSize * classes * 4, "value gradient");
      await compileBatchLoss(compilation, {
        name,
        classes,
        texts: [loss.softmaxCrossEntropy],
        values: { scoreScale: 1, gradientScale: 1 / batchSize },
        buffers: { values, gradients },
      });
      return { kind: "total", values: gradients };
    },
  };
}
