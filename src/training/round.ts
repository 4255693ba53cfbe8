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
import { type Joined, joined, room } from "./joined.ts";
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
  { accumulate, batchSize }: TrainerSettings,
  collective: Collective,
): Round {
  // Kernels take the mean over the largest share of a batch.
  const weight = Math.ceil(batchSize / collective.size) / batchSize;
  /** Gradients and what is added up with them: the same from update to update. */
  let exchanged: Joined | undefined;
  return async (epoch, _, asked) => {
    const { program, source } = epoch;
    const sizes = [...program.parameters.keys()].map(({ size }) => size);
    exchanged ??= room([...sizes, accumulate, accumulate, 1]);
    const gradients = exchanged.parts.slice(0, sizes.length);
    const first = progress.batches.length;
    const sums: BatchSums[] = [];
    let chunk: BatchStep[] = [];
    for (let done = 0; done < accumulate; done += chunk.length) {
      const size = Math.min(program.stepsOf(source), accumulate - done);
      chunk = progress.makeSteps(epoch, first + done, size)
        // The parameters follow when all gradients were added up.
        .map((step) => ({ ...step, part: { adds: step.part?.adds ?? false, ends: false } }));
      sums.push(...await program.runToGradients(chunk, gradients));
    }
    const result = await exchange(collective, exchanged, sums, asked);
    if (weight !== 1) gradients.forEach((own) => multiply(own, weight));
    program.follow(chunk.length, gradients);
    progress.take(epoch, result.sums);
    return result.stops;
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
    const exchanged = joined([...own, ...[count, count, 1].map((size) => new Float32Array(size))]);
    const result = await exchange(collective, exchanged, sums, asked);
    numbers.forEach(({ buffer }, i) =>
      gpu.write(buffer, exchanged.parts[i]!.map((sum) => sum / collective.size))
    );
    progress.take(epoch, result.sums);
    return result.stops;
  };
}

/** Adds up numbers; with them, in the last three windows, losses, counts and whether anyone was asked to end. */
async function exchange(
  collective: Collective,
  { values, parts }: Joined,
  sums: readonly BatchSums[],
  asked: boolean,
) {
  const [losses, correct, stops] = parts.slice(-3) as [Float32Array, Float32Array, Float32Array];
  sums.forEach((own, i) => {
    losses[i] = own.loss;
    correct[i] = own.correct;
  });
  stops[0] = asked ? 1 : 0;
  await collective.allReduceSum(values);
  return {
    sums: sums.map((_, i): BatchSums => ({ loss: losses[i]!, correct: correct[i]! })),
    stops: stops[0]! > 0,
  };
}

function multiply(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= factor;
}
