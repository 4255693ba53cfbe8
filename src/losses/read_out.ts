import * as loss from "../../kernels/loss/mod.ts";
import { denseBytes } from "../core/dense.ts";
import type { Scope } from "../core/scope.ts";
import { describeSignal, type Gradient, type NumberSignal, type Signal } from "../core/signal.ts";
import { sizeOf } from "../core/shape.ts";
import { timeQuads } from "../core/time.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";

/** Lanes of a workgroup in `kernels/loss/read_out.wgsl`. */
const LANES = 64;

/** One score for each class of a sample. */
export interface Scores {
  /** f32 `[batch][classes]`. */
  readonly values: GPUBuffer;
  /**
   * The gradient of the output from that of the scores.
   *
   * @param gradient f32 `[batch][classes]`.
   */
  backward(gradient: GPUBuffer): Promise<Gradient>;
}

/**
 * One score for each class from a network's output: the values themselves where they are the same at
 * each time step; their mean, their largest or the last, as the model's `readout` says, where they aren't.
 *
 * @param scope The loss's view of the program.
 * @param output The network's output.
 * @param name The loss's name, for messages.
 * @returns The scores.
 * @throws {TypeError} If the output isn't numbers.
 */
export async function readOut(scope: Scope, output: Signal, name: string): Promise<Scores> {
  if (output.kind !== "numbers") {
    throw new TypeError(
      `Cannot compile the loss ${name} as it reads numbers: got a signal of ${
        describeSignal(output)
      }${
        output.kind === "spikes" ? "; rateCrossEntropy() and countCrossEntropy() read spikes" : ""
      }`,
    );
  }
  if (output.over === "constant") {
    return {
      values: output.values,
      backward: (buffer) => Promise.resolve({ values: { over: "summed", buffer } }),
    };
  }
  return await readOverTime(scope, output);
}

async function readOverTime(scope: Scope, { shape, values }: NumberSignal): Promise<Scores> {
  const { batchSize, timeSteps, readout } = scope;
  const numbers = batchSize * sizeOf(shape);
  const scores = scope.buffer(numbers * 4, "scores");
  const shared = {
    numbers,
    classes: sizeOf(shape),
    timeSteps,
    quads: timeQuads(timeSteps),
    mean: readout === "mean",
    largest: readout === "max",
  };
  // Which time step is the largest, of equals the first.
  const times = readout === "max" ? { times: scope.buffer(numbers * 4, "score times") } : {};
  const workgroups = workgroupsFor(numbers, LANES);
  await scope.run("forward", {
    name: `loss/read_out (${readout})`,
    texts: [loss.readOut],
    values: shared,
    resources: { values, scores, ...times },
    workgroups,
  });
  return {
    values: scores,
    async backward(score_gradient) {
      const gradients = scope.buffer(denseBytes(timeSteps, numbers), "output gradient");
      await scope.run("backward", {
        name: `loss/read_out_gradient (${readout})`,
        texts: [loss.readOutGradient],
        values: shared,
        resources: { score_gradient, gradients, ...times },
        workgroups,
      });
      return { values: { over: "time", buffer: gradients } };
    },
  };
}
