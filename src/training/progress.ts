import type { BatchStep } from "../core/feed.ts";
import { DivergedError } from "./diverged_error.ts";
import type { Epoch } from "./epoch.ts";
import type { BatchSums, TrainerState } from "./trainer_state.ts";

/** How far a training is. */
export class Progress {
  /** Finished epochs. */
  epoch = 0;
  /** Steps of the optimizer that were made. */
  updates = 0;
  /** What the steps of the epoch under way reported. */
  batches: BatchSums[] = [];

  /**
   * Makes so many steps of an epoch, which will run in this order.
   *
   * @param epoch The epoch.
   * @param first The first step, from 0.
   * @param count How many.
   * @returns The steps.
   */
  makeSteps(epoch: Epoch, first: number, count: number): BatchStep[] {
    return Array.from({ length: count }, (_, i) => {
      const step = epoch.stepAt(first + i, this.updates + 1);
      if (epoch.endsUpdate(first + i)) this.updates++;
      return step;
    });
  }

  /**
   * Takes what steps reported.
   *
   * @param epoch The epoch.
   * @param metrics What they reported.
   * @throws {DivergedError} If a loss is no number.
   */
  take({ epoch, learningRate }: Epoch, metrics: readonly BatchSums[]): void {
    for (const { loss, correct } of metrics) {
      if (!Number.isFinite(loss)) {
        const step = this.batches.length + 1;
        throw new DivergedError(epoch, step, `the loss is ${loss}`, learningRate);
      }
      this.batches.push({ loss, correct });
    }
  }

  /** Ends the epoch under way. */
  endEpoch(): void {
    this.epoch++;
    this.batches = [];
  }

  /**
   * Goes on from a state.
   *
   * @param state The state, checked.
   */
  restore(state: TrainerState): void {
    this.epoch = state.epoch;
    this.updates = state.updates;
    this.batches = [...state.batches];
  }
}
