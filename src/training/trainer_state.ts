import type { Tensor } from "../formats/tensor.ts";

/** All that a training goes on from, between two steps. */
export interface TrainerState {
  /** Finished epochs. */
  readonly epoch: number;
  /** Steps done in the epoch under way; 0 between epochs. */
  readonly step: number;
  /** Steps of the optimizer, over all epochs. */
  readonly updates: number;
  /** What each step of the epoch under way reported: sums over its batch. */
  readonly batches: readonly BatchSums[];
  /**
   * What is learned and kept, by PyTorch's names: `layer.1.weight` `[outputs, inputs]` is that of
   * layer 1.
   */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** What the optimizer keeps of each, such as `layer.1.weight.first_moment`; nothing before the first step. */
  readonly optimizer: ReadonlyMap<string, Tensor>;
}

/** What a step reports of its batch. */
export interface BatchSums {
  /** The sum of the samples' losses. */
  readonly loss: number;
  /** How many samples were classified correctly. */
  readonly correct: number;
}

/**
 * Checks a state that is to be restored.
 *
 * @param state The state.
 * @param accumulate Steps of an update.
 * @throws {RangeError} If a count isn't an integer of at least 0, or doesn't fit the others.
 */
export function checkState(
  { epoch, step, updates, batches }: TrainerState,
  accumulate: number,
): void {
  for (const [name, value] of Object.entries({ epoch, step, updates })) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(
        `Cannot restore a training as ${name} must be an integer of at least 0: it is ${value}`,
      );
    }
  }
  if (batches.length !== step) {
    throw new RangeError(
      `Cannot restore a training as it must have a report of each of ${step} steps: it has ` +
        `${batches.length}`,
    );
  }
  // What an update had added up so far isn't part of a state.
  if (step % accumulate !== 0) {
    throw new RangeError(
      `Cannot restore a training as it must be between two updates of ${accumulate} steps: it is ` +
        `after ${step}`,
    );
  }
}

/**
 * The means over some steps.
 *
 * @param batches What they reported.
 * @param batchSize Samples of each.
 * @returns Mean loss and accuracy.
 */
export function meansOf(
  batches: readonly BatchSums[],
  batchSize: number,
): { loss: number; accuracy: number } {
  let loss = 0;
  let correct = 0;
  for (const batch of batches) {
    loss += batch.loss;
    correct += batch.correct;
  }
  const samples = batches.length * batchSize;
  return { loss: loss / samples, accuracy: correct / samples };
}
