import { DivergedError } from "./diverged_error.ts";
import type { Progress } from "./progress.ts";
import { findNoNumber, type Snapshot } from "./snapshot.ts";
import type { TrainerSettings } from "./trainer_options.ts";
import type { TrainerState } from "./trainer_state.ts";

/**
 * Checks what was learned. Neurons hide it from the loss if their weights are no numbers: they just don't
 * fire. A state like that is of no use to anyone.
 *
 * @param snapshot What was learned.
 * @param progress How far the training is.
 * @param settings How it learns.
 * @throws {DivergedError} If a parameter is no number any more.
 */
export function checkLearned(
  { parameters }: Snapshot,
  progress: Progress,
  { optimizer, scheduler }: TrainerSettings,
): void {
  const wrong = findNoNumber(parameters);
  if (!wrong) return;
  const step = progress.batches.length;
  // Between epochs it was the last step of the one before.
  const epoch = step > 0 ? progress.epoch + 1 : progress.epoch;
  throw new DivergedError(
    epoch,
    step,
    `"${wrong.name}" has a parameter that is ${wrong.value}`,
    scheduler.rate(Math.max(0, epoch - 1), optimizer.learningRate),
  );
}

/**
 * The state of a training.
 *
 * @param snapshot What was learned.
 * @param progress How far the training is.
 * @param settings How it learns.
 * @returns The state.
 * @throws {DivergedError} If a parameter is no number any more.
 */
export function stateOf(
  snapshot: Snapshot,
  progress: Progress,
  settings: TrainerSettings,
): TrainerState {
  checkLearned(snapshot, progress, settings);
  const { epoch, batches } = progress;
  return { ...snapshot, epoch, step: batches.length, batches: [...batches] };
}
