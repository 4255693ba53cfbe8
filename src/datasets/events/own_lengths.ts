import { checkAbove, checkCount } from "../../validate.ts";
import { Dataset } from "../dataset.ts";

/** Options of {@linkcode ownLengths}. */
export interface OwnLengthsOptions {
  /** T: a recording of more time steps is cut there. */
  readonly timeSteps: number;
  /**
   * How long a time step is, as the data set's `EventEncoder` has it.
   *
   * @default {1}
   */
  readonly stepDuration?: number;
}

/**
 * Lets each recording end with the time step of its last event, rather than after T steps.
 *
 * @param dataset A data set of events.
 * @param options T, and how long a time step is.
 * @returns The data set with `lengths`, each from 1 to T; all else is shared, not copied.
 * @throws {TypeError} If it isn't one of events.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { eventDataset, ownLengths } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const recordings = [{ places: [0, 3], times: [10, 2500] }, { places: [5], times: [9000] }];
 * const dataset = eventDataset(recordings, { shape: [2, 2, 2] });
 * const { lengths } = ownLengths(dataset, { timeSteps: 8, stepDuration: 1000 });
 * assertEquals(Array.from(lengths!), [3, 8]);
 * ```
 */
export function ownLengths(dataset: Dataset, options: OwnLengthsOptions): Dataset {
  const what = "Cannot give recordings lengths of their own";
  const { shape, content, count, labels, classes } = dataset;
  const timeSteps = checkCount(what, "timeSteps", options.timeSteps);
  const stepDuration = checkAbove(what, "stepDuration", options.stepDuration ?? 1, 0);
  if (content.kind !== "events") {
    throw new TypeError(
      `${what} as the data set must be one of events: it is one of ${content.kind}`,
    );
  }
  const { offsets, times } = content;
  const lengths = new Uint32Array(count);
  for (let sample = 0; sample < count; sample++) {
    let last = 0;
    for (let event = offsets[sample]!; event < offsets[sample + 1]!; event++) {
      last = Math.max(last, times[event]!);
    }
    lengths[sample] = Math.min(timeSteps, Math.floor(last / stepDuration) + 1);
  }
  return new Dataset({
    shape,
    content,
    lengths,
    ...labels ? { labels } : {},
    // 0 where nobody said it.
    ...classes ? { classes } : {},
  });
}
