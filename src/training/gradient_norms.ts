import type { Reading } from "../gpu/reading.ts";
import { readTensors } from "../model/tensors.ts";
import type { Program } from "../program/program.ts";

/**
 * Reads how large the gradients of the last step were, as kernels left them: nothing runs for it.
 *
 * @param program What learns.
 * @returns What gives the norms of each layer's gradient, by its path, in the order of the network.
 */
export function readGradientNorms(program: Program): Reading<Map<string, number>> {
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
