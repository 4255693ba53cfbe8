/**
 * Rounds of a training over several processes: steps, and the exchange after which all have learned the
 * same.
 *
 * @module
 */

import type { Collective } from "../core/collective.ts";
import type { BatchStep } from "../core/feed.ts";
import type { ModelCore } from "../model/core.ts";
import { readTensors } from "../model/tensors.ts";
import type { Epoch } from "./epoch.ts";
import { joined } from "./joined.ts";
import type { Progress } from "./progress.ts";
import type { TrainerSettings } from "./trainer_options.ts";
import type { BatchSums } from "./trainer_state.ts";

/**
 * Makes the steps of a round.
 *
 * @param epoch The epoch.
 * @param most How many steps at most, of whole updates.
 * @param asked Whether this process was asked to end.
 * @returns Whether any was.
 */
export type Round = (epoch: Epoch, most: number, asked: boolean) => Promise<boolean>;

/**
 * Rounds of an update each, whose gradients are added up.
 *
 * @param progress How far the training is.
 * @param settings How it learns.
 * @param collective The processes.
 * @returns Makes one.
 */
export function gradientRound(
  progress: Progress,
  { accumulate }: TrainerSettings,
  collective: Collective,
): Round {
  return async (epoch, _, asked) => {
    const { program, source } = epoch;
    const first = progress.batches.length;
    const sums: BatchSums[] = [];
    let chunk: BatchStep[] = [];
    let gradients: Float32Array<ArrayBuffer>[] = [];
    for (let done = 0; done < accumulate; done += chunk.length) {
      const size = Math.min(program.stepsOf(source), accumulate - done);
      chunk = progress.makeSteps(epoch, first + done, size)
        // The parameters follow when all gradients were added up.
        .map((step) => ({ ...step, part: { adds: step.part?.adds ?? false, ends: false } }));
      const result = await program.runToGradients(chunk);
      sums.push(...result.metrics);
      gradients = result.gradients;
    }
    const exchanged = await exchange(collective, gradients, sums, asked);
    program.follow(chunk.length, exchanged.tensors);
    progress.take(epoch, exchanged.sums);
    return exchanged.stops;
  };
}

/**
 * Rounds of several updates, which each process makes with its own share; then what they learned, and what
 * their optimizers keep, is averaged. An epoch ends with its round.
 *
 * @param core The model's.
 * @param progress How far the training is.
 * @param settings How it learns.
 * @param collective The processes.
 * @param every How many updates.
 * @returns Makes one.
 */
export function averageRound(
  { gpu, store }: ModelCore,
  progress: Progress,
  { accumulate }: TrainerSettings,
  collective: Collective,
  every: number,
): Round {
  return async (epoch, most, asked) => {
    const { program, source } = epoch;
    const first = progress.batches.length;
    const whole = every * accumulate;
    // From a pause within a round it goes on to the round's end.
    const count = Math.min(whole - first % whole, most);
    const sums: BatchSums[] = [];
    while (sums.length < count) {
      const size = Math.min(program.stepsOf(source), count - sums.length);
      sums.push(...await program.run(progress.makeSteps(epoch, first + sums.length, size)));
    }
    const numbers = [
      ...store.blocks.map(({ values, size }) => ({ buffer: values, size })),
      ...[...program.compiled.states].flatMap(([{ size }, state]) =>
        Object.values(state).map((buffer) => ({ buffer, size }))
      ),
    ];
    const own = await readTensors(gpu, numbers)();
    const exchanged = await exchange(collective, own, sums, asked);
    exchanged.tensors.forEach((total, i) =>
      gpu.write(numbers[i]!.buffer, total.map((sum) => sum / collective.size))
    );
    progress.take(epoch, exchanged.sums);
    return exchanged.stops;
  };
}

/** Adds up numbers, reports of steps and whether anyone was asked to end, all at once. */
async function exchange(
  collective: Collective,
  own: readonly Float32Array[],
  sums: readonly BatchSums[],
  asked: boolean,
) {
  const { values, parts } = joined([
    ...own,
    Float32Array.from(sums, ({ loss }) => loss),
    Float32Array.from(sums, ({ correct }) => correct),
    Float32Array.of(asked ? 1 : 0),
  ]);
  await collective.allReduceSum(values);
  const [losses, correct, stops] = parts.slice(own.length);
  return {
    tensors: parts.slice(0, own.length),
    sums: sums.map((_, i): BatchSums => ({ loss: losses![i]!, correct: correct![i]! })),
    stops: stops![0]! > 0,
  };
}
