import { lib, loss } from "../../kernels/mod.ts";
import type { Loss } from "./loss.ts";

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
  return {
    name: "rateMse",
    async compile(compilation, output) {
      if (output.kind !== "spikes") {
        throw new TypeError(
          `Cannot compile the loss rateMse as it reads spikes: got ${output.kind}`,
        );
      }
      const { gpu, batchSize, timeSteps, steps, samples } = compilation;
      const classes = output.features;
      const kernel = await gpu.compile({
        name: "loss/rate_mse",
        texts: [lib.batch, loss.rateMse],
        values: {
          batch: batchSize,
          classes,
          steps: timeSteps,
          gradientScale: 2 / (batchSize * classes * timeSteps),
        },
      });
      const losses = compilation.buffer(batchSize * 4, "losses");
      const spike_gradient = compilation.buffer(
        batchSize * classes * 4,
        "spike gradient",
      );
      compilation.add(
        "forward",
        await kernel.bind(
          {
            step: steps,
            samples,
            counts: output.counts,
            spike_gradient,
            losses,
          },
          [Math.ceil(batchSize / 64)],
        ),
      );
      return { losses, gradient: { kind: "constant", values: spike_gradient } };
    },
  };
}
