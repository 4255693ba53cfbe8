import type { Rank } from "./collective.ts";
import type { Source } from "./source.ts";

/** A step of a chunk: which samples it takes and what it does with them. */
export interface BatchStep {
  /** The key of its random numbers. */
  readonly key: number;
  /** What the optimizer varies; none for a step that doesn't learn. */
  readonly update?: UpdateValues;
  /**
   * Its part in an update from several batches: whether its gradient is added to that of the batches
   * before, and whether the parameters follow after it. By default it is an update of its own.
   */
  readonly part?: { readonly adds: boolean; readonly ends: boolean };
  /**
   * Whose share of a batch its samples are, which random numbers follow from; by default they are all of
   * it.
   */
  readonly share?: Rank;
  /** Whether what neurons fire is added to their sums. */
  readonly observes?: boolean;
  /** Where the samples are. */
  readonly source: Source;
  /** Which of them: at most as many as a batch has. */
  readonly samples: Uint32Array;
}

/** What an optimizer varies from step to step: `optimizer` of `Step` in `kernels/lib/batch.wgsl`. */
export type UpdateValues = readonly [number, number, number, number];

/** The records of a chunk's samples, on their way to the device. */
export interface SampleRecords {
  /** `Sample` of `kernels/lib/batch.wgsl`, as words. */
  readonly words: Uint32Array;
  /** The first word of a sample's record. */
  at(step: number, sample: number): number;
}

/** The words of a sample's record that feeds fill in. */
export const SAMPLE_RECORD = { first: 0, events: 1, label: 2, row: 3, words: 4 } as const;

/**
 * Host data on its way to the device, for the steps of a chunk.
 *
 * The number of steps that a chunk may have follows from what its feeds hold.
 */
export interface Feed {
  /**
   * Steps of a data set that it holds at once.
   *
   * @param source The data set.
   * @returns At least 1.
   */
  stepsOf(source: Source): number;
  /**
   * In which order the samples of a batch had better come; any will do.
   *
   * @param source Where they are.
   * @param samples Which.
   */
  order?(source: Source, samples: Uint32Array): Uint32Array;
  /**
   * Makes room for a data set, before its first step.
   *
   * @param source The data set.
   * @param flush Submits the steps that were made ready before: call it before memory is replaced.
   * @param besides Data sets whose steps come in turn with those of this one.
   */
  open?(source: Source, flush: () => void, besides?: readonly Source[]): Promise<void>;
  /**
   * Brings what the steps need to the device.
   *
   * @param steps The steps.
   * @param records The records of their samples, to be filled in.
   */
  load(steps: readonly BatchStep[], records: SampleRecords): void;
}
