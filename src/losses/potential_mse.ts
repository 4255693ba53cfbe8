import { loss } from "../../kernels/mod.ts";
import { workgroupsFor } from "../gpu/kernel.ts";
import type { PotentialGradient } from "../signal/signal.ts";
import { denseBytes } from "../signal/dense.ts";
import { timeQuads } from "../signal/time.ts";
import { checkFinite } from "../validate.ts";
import { compileBatchLoss, spikesOf } from "./batch_loss.ts";
import type { Loss } from "./loss.ts";

/** Options of {@linkcode potentialMse}: potentials, without unit. */
export interface PotentialMseOptions {
  /**
   * The potential that the label's neuron should have.
   *
   * @default {1}
   */
  correct?: number;
  /**
   * The potential that the other neurons should have.
   *
   * @default {0}
   */
  wrong?: number;
}

/**
 * Mean squared error between the output neurons' potential v, after each step's reset, and its
 * target. It reads neurons that store their potential, `[T, batch, classes]`:
 *
 * ```text
 * loss = mean over T, batch and classes of (v[t] - target)^2
 * target = correct for the label's neuron, wrong for the others
 * ```
 *
 * The answer is the class that fires most, of equals the lowest.
 *
 * Source: `F.mse_loss(v, target)` of PyTorch; `mse_membrane_loss` of snnTorch, with its defaults.
 *
 * @param options The targets.
 * @returns The loss.
 * @throws {RangeError} If a target isn't finite.
 *
 * @example
 * ```ts
 * import { potentialMse } from "@galvani/snn";
 *
 * const loss = potentialMse({ correct: 0.75, wrong: 0.25 });
 * ```
 */
export function potentialMse(options: PotentialMseOptions = {}): Loss {
  const name = "potentialMse";
  const what = `Cannot create the loss ${name}`;
  const correct = checkFinite(what, "correct", options.correct ?? 1);
  const wrong = checkFinite(what, "wrong", options.wrong ?? 0);
  return {
    name,
    async compile(compilation, output): Promise<PotentialGradient> {
      const { features: classes, counts, potential } = spikesOf(output, name);
      if (!potential) {
        throw new TypeError(
          `Cannot compile the loss ${name} as it reads the output neurons' potential: got spikes ` +
            `without it, which neurons such as new LifNode({ storeV: true }) store`,
        );
      }
      const { gpu, batchSize, timeSteps, steps: step, samples } = compilation;
      const neurons = batchSize * classes;
      const bytes = denseBytes(timeSteps, neurons);
      const gradients = compilation.buffer(bytes, "potential gradient");
      const losses = compilation.buffer(neurons * 4, "neuron losses");
      const kernel = await gpu.compile({
        name: `loss/${name}`,
        texts: [loss.potentialMse],
        values: {
          neurons,
          classes,
          timeSteps,
          quads: timeQuads(timeSteps),
          correct,
          wrong,
          lossScale: 1 / (classes * timeSteps),
          gradientScale: 2 / (batchSize * classes * timeSteps),
        },
      });
      compilation.add(
        "forward",
        await kernel.bind(
          { step, samples, potential, gradients, losses },
          workgroupsFor(neurons, 64),
        ),
      );
      await compileBatchLoss(compilation, {
        name,
        classes,
        texts: [loss.neuronSum],
        values: {},
        buffers: { counts, losses },
      });
      return { kind: "potential", values: gradients };
    },
  };
}
