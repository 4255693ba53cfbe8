import { dealt } from "../core/collective.ts";
import type { BatchStep } from "../core/feed.ts";
import { hashAll, Random } from "../core/random.ts";
import type { Evaluation } from "../model/evaluation.ts";
import { checkFinite } from "../validate.ts";
import type { Course } from "./learning.ts";
import type { EpochReport, TrainerSettings } from "./trainer_options.ts";
import { type BatchSums, meansOf } from "./trainer_state.ts";

/** Streams of random numbers, so that none repeats another. */
export const STREAM = { order: 2, train: 3, test: 4 } as const;

/** An epoch under way: which samples each of its steps takes. */
export interface Epoch extends Course {
  /** Its number, from 1. */
  readonly epoch: number;
  /** The learning rate. */
  readonly learningRate: number;
  /**
   * Makes a step.
   *
   * @param step Which of the epoch's, from 0.
   * @param update The number of the update that it is a part of, from 1.
   * @returns The step.
   */
  stepAt(step: number, update: number): BatchStep;
  /**
   * Whether a step is the last of its update.
   *
   * @param step Which of the epoch's, from 0.
   */
  endsUpdate(step: number): boolean;
}

/** What is looked at after the steps of an epoch. */
export interface EpochResult {
  /** What the test samples gave, if there were any. */
  test?: Evaluation;
  /** Norm of the gradient of each layer, where it was asked for. */
  gradientNorms?: ReadonlyMap<string, number>;
}

/**
 * Starts an epoch, which takes the samples in a random order of its own.
 *
 * @param course The training set and the program.
 * @param settings How it learns.
 * @param epoch The epoch's number, from 1.
 * @returns The epoch.
 * @throws {RangeError} If the scheduler's learning rate isn't finite.
 */
export function startEpoch(course: Course, settings: TrainerSettings, epoch: number): Epoch {
  const { batchSize, optimizer, scheduler, seed, accumulate, exchange } = settings;
  const { program, source } = course;
  const learningRate = checkFinite(
    "Cannot train",
    "the scheduler's learning rate",
    scheduler.rate(epoch - 1, optimizer.learningRate),
  );
  const order = new Random(seed, STREAM.order, epoch).permutation(source.dataset.count);
  const endsUpdate = (step: number) => step % accumulate === accumulate - 1;
  return {
    ...course,
    epoch,
    learningRate,
    endsUpdate,
    stepAt(step, update) {
      const samples = program.order(
        source,
        order.subarray(step * batchSize, (step + 1) * batchSize),
      );
      return {
        key: hashAll(seed, STREAM.train, epoch, step),
        update: optimizer.stepValues(update, learningRate),
        part: { adds: step % accumulate > 0, ends: endsUpdate(step) },
        source,
        ...exchange ? { share: exchange, samples: dealt(samples, exchange) } : { samples },
      };
    },
  };
}

/**
 * What an epoch gave, but for its times.
 *
 * @param epoch The epoch.
 * @param batches What its steps reported.
 * @param batchSize Samples of a batch.
 * @param result What was looked at after its steps.
 * @returns The report.
 */
export function reportOf(
  { epoch, learningRate }: Epoch,
  batches: readonly BatchSums[],
  batchSize: number,
  { test, gradientNorms }: EpochResult,
): Omit<EpochReport, "imagesPerSecond" | "seconds"> {
  const { loss, accuracy } = meansOf(batches, batchSize);
  return {
    epoch,
    learningRate,
    trainLoss: loss,
    trainAccuracy: accuracy,
    batchAccuracies: Float64Array.from(batches, ({ correct }) => correct / batchSize),
    testLoss: test?.loss ?? NaN,
    testAccuracy: test?.accuracy ?? NaN,
    ...test ? { test } : {},
    ...gradientNorms ? { gradientNorms } : {},
  };
}
