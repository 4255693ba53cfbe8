import * as loss from "../../kernels/loss/mod.ts";
import { denseBytes } from "../core/dense.ts";
import type { Loss } from "../core/loss.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { Gradient, Signal } from "../core/signal.ts";
import { timeQuads } from "../core/time.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import { checkFinite } from "../validate.ts";
import { compileShares, spikesOf } from "./batch_loss.ts";
import { readOut } from "./read_out.ts";

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
 * target. It reads neurons that store their potential, or a `LiNode`, `[T, batch, classes]`:
 *
 * ```text
 * loss = mean over T, batch and classes of (v[t] - target)^2
 * target = correct for the label's neuron, wrong for the others
 * ```
 *
 * The answer is the class that fires most, of equals the lowest; of a `LiNode` that with the largest score.
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
    async compile(scope, output) {
      const { batchSize, timeSteps, mode } = scope;
      const { potential, gradientOf, answer } = await potentialsOf(scope, output, name);
      const classes = sizeOf(output.shape);
      const neurons = batchSize * classes;
      const gradients = mode === "train"
        ? scope.buffer(denseBytes(timeSteps, neurons), "potential gradient")
        : undefined;
      const losses = scope.buffer(neurons * 4, "neuron losses");
      await scope.run("forward", {
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
          learns: gradients !== undefined,
        },
        resources: { potential, losses, ...gradients ? { gradients } : {} },
        workgroups: workgroupsFor(neurons, 64),
      });
      await compileShares(scope, name, { shape: output.shape, shares: classes }, {
        ...answer,
        losses,
      });
      return gradients && gradientOf(gradients);
    },
  };
}

/** The potentials of a network's output, how their gradient goes back, and what answers follow from. */
async function potentialsOf(scope: Scope, output: Signal, name: string): Promise<{
  potential: GPUBuffer;
  gradientOf: (buffer: GPUBuffer) => Gradient;
  answer: Record<string, GPUBuffer>;
}> {
  if (output.kind === "numbers" && output.over === "time") {
    return {
      potential: output.values,
      gradientOf: (buffer) => ({ values: { over: "time", buffer } }),
      answer: { values: (await readOut(scope, output, name)).values },
    };
  }
  const { counts, traces } = spikesOf(output, name);
  if (!traces?.["v"]) {
    throw new TypeError(
      `Cannot compile the loss ${name} as it reads the output neurons' potential: got spikes ` +
        `without it, which neurons such as new LifNode({ storeV: true }) store`,
    );
  }
  return {
    potential: traces["v"],
    gradientOf: (v) => ({ traces: { v } }),
    answer: { counts },
  };
}
