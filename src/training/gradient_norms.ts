import type { Reading } from "../gpu/reading.ts";
import { readTensors } from "../model/tensors.ts";
import type { Job } from "../program/jobs.ts";
import type { Program } from "../program/program.ts";
import type { EpochResult } from "./epoch.ts";

/**
 * A job that looks how large the gradients of the last step were, as kernels left them: nothing runs for it.
 *
 * @param program What learns.
 * @param result Where the norms of each layer's gradient go, by its path, in the order of the network.
 * @returns The job.
 */
export function gradientNormsJob(
  program: Program,
  result: EpochResult,
): Job<Map<string, number>> {
  return {
    steps: 0,
    submit: () => takeGradientNorms(program),
    take: (norms) => void (result.gradientNorms = norms),
  };
}

function takeGradientNorms(program: Program): Reading<Map<string, number>> {
  const parameters = [...program.parameters];
  const strides = parameters.map(([{ size }]) => Math.ceil(size / 4) * 4);
  const reading = readTensors(
    program.gpu,
    parameters.map(([, { gradient, copies }], i) => ({
      buffer: gradient,
      size: copies * strides[i]!,
    })),
  );
  return async () => {
    const squares = new Map<string, number>();
    const values = await reading();
    parameters.forEach(([{ owner, size }, { copies }], i) => {
      let sum = squares.get(owner) ?? 0;
      for (let n = 0; n < size; n++) {
        let gradient = 0;
        for (let copy = 0; copy < copies; copy++) gradient += values[i]![copy * strides[i]! + n]!;
        sum += gradient * gradient;
      }
      squares.set(owner, sum);
    });
    return new Map([...squares].map(([layer, sum]) => [layer, Math.sqrt(sum)]));
  };
}
