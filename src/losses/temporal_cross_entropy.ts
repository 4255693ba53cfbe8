import * as loss from "../../kernels/loss/mod.ts";
import { denseBytes } from "../core/dense.ts";
import type { Loss } from "../core/loss.ts";
import { type KernelPart, reader, writer } from "../core/readers.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { NumberSignal, Signal, StoredSignal } from "../core/signal.ts";
import { timeQuads } from "../core/time.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import { checkClasses, compileShares, spikesOf } from "./batch_loss.ts";
import { crossEntropy } from "./cross_entropy.ts";
import { readOut } from "./read_out.ts";

/** Lanes of a workgroup in `kernels/loss/temporal_cross_entropy.wgsl`. */
const LANES = 64;

/**
 * Softmax cross-entropy at each time step, so that a network is right from early steps on. It reads spikes
 * or numbers, x `[T, batch, classes]`:
 *
 * ```text
 * loss = mean over T and the batch of -log softmax(x[t])[label]
 * ```
 *
 * Of a sample that ends before T, the mean is over its own steps. Of numbers that are the same at each time
 * step this is {@linkcode crossEntropy}. A spike is 1, so with spikes the loss never comes near 0.
 *
 * The answer is the class that fires most, of equals the lowest; of numbers that with the largest score, their
 * mean unless the model's `readout` says otherwise.
 *
 * Source: Deng et al., "Temporal Efficient Training of Spiking Neural Network via Gradient Re-weighting", ICLR
 * 2022, https://openreview.net/forum?id=_XNtisL32jv; `temporal_efficient_training_cross_entropy` of SpikingJelly,
 * `ce_rate_loss` of snnTorch.
 *
 * @returns The loss.
 *
 * @example
 * ```ts
 * import { losses, temporalCrossEntropy } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const loss = temporalCrossEntropy();
 * assertEquals(losses[loss.name], temporalCrossEntropy);
 * ```
 */
export function temporalCrossEntropy(): Loss {
  const name = "temporalCrossEntropy";
  return {
    name,
    async compile(scope, output) {
      checkClasses(output, name);
      if (output.kind === "numbers" && output.over === "constant") {
        return await crossEntropy().compile(scope, output);
      }
      const { steps, answer } = await stepsOf(scope, output, name);
      const { batchSize, timeSteps, mode } = scope;
      const classes = sizeOf(output.shape);
      const quads = timeQuads(timeSteps);
      const gradient: NumberSignal | undefined = mode === "train"
        ? {
          kind: "numbers",
          shape: output.shape,
          over: "time",
          values: scope.buffer(denseBytes(timeSteps, batchSize * classes), "output gradient"),
        }
        : undefined;
      const losses = scope.buffer(batchSize * quads * 4, "losses of time steps");
      const parts: KernelPart[] = [
        reader("x", steps, scope),
        ...gradient ? [writer("gradient", gradient, scope)] : [],
      ];
      await scope.run("forward", {
        name: `loss/${name}`,
        texts: [...parts.map(({ text }) => text), loss.temporalCrossEntropy],
        values: {
          batch: batchSize,
          classes,
          timeSteps,
          quads,
          learns: gradient !== undefined,
        },
        resources: Object.assign({ losses }, ...parts.map(({ resources }) => resources)),
        workgroups: workgroupsFor(batchSize * quads, LANES),
      });
      await compileShares(scope, name, { shape: output.shape, shares: quads }, {
        ...answer,
        losses,
      });
      return gradient && { values: { over: "time", buffer: gradient.values } };
    },
  };
}

/** What a network gives at each time step, and what answers follow from. */
async function stepsOf(scope: Scope, output: Signal, name: string): Promise<{
  steps: StoredSignal;
  answer: Record<string, GPUBuffer>;
}> {
  if (output.kind === "numbers") {
    return { steps: output, answer: { values: (await readOut(scope, output, name)).values } };
  }
  const steps = spikesOf(output, name);
  return { steps, answer: { counts: steps.counts } };
}
