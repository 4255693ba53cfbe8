import type { Source } from "../core/source.ts";
import type { Epoch, EpochResult } from "./epoch.ts";
import type { Course } from "./learning.ts";
import type { FitOptions } from "./trainer_options.ts";

/** An epoch that is to be trained, and tested after. */
export interface EpochWork {
  /** The epoch. */
  readonly epoch: Epoch;
  /** What `fit` was asked for. */
  readonly options: FitOptions;
  /** The test samples, if there are any. */
  readonly test: Source | undefined;
  /** Is called after the reports of some steps were taken. */
  readonly onTaken: () => void;
  /** Gets what is looked at after the steps. */
  readonly result: EpochResult;
}

/** How steps are made: by one process, or by several that exchange what they learn from. */
export interface EpochRunner {
  /**
   * Checks that a training can start.
   *
   * @param course What is trained, and with what.
   * @param asked What was asked for besides.
   */
  checkStart(course: Course, asked: readonly number[]): Promise<void>;
  /** Trains to the end of an epoch, checks what was learned, and tests it; a signal may end it before. */
  run(work: EpochWork): Promise<void>;
  /**
   * Trains for some steps, of whole updates.
   *
   * @param epoch The epoch.
   * @param most How many steps at most.
   */
  step(epoch: Epoch, most: number): Promise<void>;
  /** Checks what was learned in an epoch. */
  checkEnd(epoch: Epoch): Promise<void>;
  /** Whether a signal has asked to end. */
  stops(signal: AbortSignal | undefined): Promise<boolean>;
}
