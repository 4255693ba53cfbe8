import type { Collective } from "../core/collective.ts";
import type { Loss } from "../core/loss.ts";
import type { Optimizer } from "../core/optimizer.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Evaluation } from "../model/evaluation.ts";
import type { Scheduler } from "../optimizers/schedulers/scheduler.ts";
import type { ClipOptions } from "../program/gradients.ts";
import type { TrainerState } from "./trainer_state.ts";

/** Options of a `Trainer`. */
export interface TrainerOptions {
  /** What is made small. */
  loss: Loss;
  /** How parameters follow their gradients. */
  optimizer: Optimizer;
  /**
   * Samples of a batch.
   *
   * @default {that of the model}
   */
  batchSize?: number;
  /**
   * How the learning rate varies from epoch to epoch.
   *
   * @default {constantRate()}
   */
  scheduler?: Scheduler;
  /**
   * What the order of the samples and their spikes follow from.
   *
   * @default {that of the model}
   */
  seed?: number;
  /**
   * How the gradients of an update are clipped: by the norm of all together, or number by number.
   *
   * @default {not at all}
   */
  clip?: ClipOptions;
  /**
   * How many batches make one update, whose gradient is their mean: with 4 of them, batches of 32 train as
   * one of 128 does.
   *
   * @default {1}
   */
  accumulate?: number;
  /**
   * The processes that train the network together, of which this is one. Each has a trainer of the same
   * options and a model of the same parameters, calls `fit` with the same samples, and takes its share of
   * every batch: `batchSize` is that of all.
   *
   * @default {none: it trains alone}
   */
  exchange?: Collective;
  /**
   * How many updates each process makes with its own share of the batches, until what they learned and
   * what their optimizers keep is averaged: less to exchange, but not what one process learns. A pause of
   * `steps` averages, too; the last round of an epoch may be shorter. It says nothing without `exchange`.
   *
   * @default {none is made alone: gradients are added up at each}
   */
  averageEvery?: number;
}

/** The options of a trainer, defaults filled in. */
export type TrainerSettings =
  & Required<Omit<TrainerOptions, "clip" | "exchange" | "averageEvery">>
  & Pick<TrainerOptions, "clip" | "exchange" | "averageEvery">;

/** Options of `Trainer.fit`. */
export interface FitOptions {
  /** How many epochs to train. */
  epochs: number;
  /** Samples to test with after each epoch. */
  test?: Dataset;
  /**
   * Whether reports say how large the gradients of an epoch's last step were. They are read once an epoch.
   *
   * @default {false}
   */
  gradientNorms?: boolean;
  /** Ends the training after the steps that are on their way to the device. */
  signal?: AbortSignal;
  /** Is called after each chunk of training steps. */
  onProgress?: (progress: TrainingProgress) => void;
  /**
   * How many steps of an epoch lie between calls of `onCheckpoint`.
   *
   * @default {Infinity}
   */
  checkpointEvery?: number;
  /**
   * Is called within an epoch with the state after every `checkpointEvery` steps, and awaited. Later steps
   * may be on their way to the device by then: what the model answers is after those.
   */
  onCheckpoint?: (state: TrainerState) => void | Promise<void>;
}

/** Options of `Trainer.steps`. */
export interface StepsOptions {
  /**
   * Steps from one pause to the next.
   *
   * @default {1}
   */
  every?: number;
  /**
   * How many epochs to train.
   *
   * @default {Infinity}
   */
  epochs?: number;
}

/** What some steps gave: see `Trainer.steps`. */
export interface TrainingPart {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly steps: number;
  /** Mean loss of these steps alone. */
  readonly loss: number;
  /** Accuracy of these steps alone, 0 to 1. */
  readonly accuracy: number;
  /** The learning rate of the epoch. */
  readonly learningRate: number;
}

/** How far an epoch is. */
export interface TrainingProgress {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly steps: number;
  /** Mean loss of the epoch so far. */
  readonly loss: number;
  /** Accuracy of the epoch so far, 0 to 1. */
  readonly accuracy: number;
  /** Training samples a second, since the epoch started or went on. */
  readonly imagesPerSecond: number;
}

/** What an epoch gave. */
export interface EpochReport {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** The learning rate of the epoch. */
  readonly learningRate: number;
  /** Mean loss over the epoch's training steps. */
  readonly trainLoss: number;
  /** Accuracy over the epoch's training steps, 0 to 1. */
  readonly trainAccuracy: number;
  /** Accuracy of each training step's batch, 0 to 1. */
  readonly batchAccuracies: Float64Array<ArrayBuffer>;
  /** Mean loss on the test samples; NaN without any. */
  readonly testLoss: number;
  /** Accuracy on the test samples, 0 to 1; NaN without any. */
  readonly testAccuracy: number;
  /** All that the test samples gave; nothing without any. */
  readonly test?: Evaluation;
  /** Norm of the gradient of each layer in the last step, by its path, where it was asked for. */
  readonly gradientNorms?: ReadonlyMap<string, number>;
  /**
   * Training samples a second, until the results of the last training step came: a fast device may be done
   * with the test pass by then.
   */
  readonly imagesPerSecond: number;
  /** Seconds that the epoch took, with its test pass. */
  readonly seconds: number;
}
