import { checkAbove, checkCount } from "../../validate.ts";

/** Events in a row: those of a time step. */
export interface Slice {
  /** The index of the first. */
  readonly start: number;
  /** The index after the last; it may lie beyond all events. */
  readonly end: number;
}

/** How events are cut into time steps: by one of six ways, of which four are tonic's. */
export type SliceOptions =
  | TimeWindow
  | EventCount
  | TimeBins
  | EventBins
  | SplitFrames
  | FrameDuration;

/** Steps of equal times, as many as fit: tonic's `time_window`. */
export interface TimeWindow {
  /** How long a step is. */
  readonly timeWindow: number;
  /**
   * How much of a step the next one has, too, in units of time.
   *
   * @default {0}
   */
  readonly overlap?: number;
  /**
   * Whether what is left at the end becomes a step.
   *
   * @default {false}
   */
  readonly includeIncomplete?: boolean;
  /**
   * When the first step starts.
   *
   * @default {the time of the first event}
   */
  readonly startTime?: number;
  /**
   * When the recording ends.
   *
   * @default {the time of the last event}
   */
  readonly endTime?: number;
}

/** Steps of equally many events, as many as there are: tonic's `event_count`. */
export interface EventCount {
  /** Events of a step. */
  readonly eventCount: number;
  /**
   * How many events of a step the next one has, too.
   *
   * @default {0}
   */
  readonly overlap?: number;
  /**
   * Whether what is left at the end becomes a step.
   *
   * @default {false}
   */
  readonly includeIncomplete?: boolean;
}

/** So many steps of equal times: tonic's `n_time_bins`. The last event is in none, as there. */
export interface TimeBins {
  /** How many steps. */
  readonly nTimeBins: number;
  /**
   * How much of a step the next one has, too: a part of 1.
   *
   * @default {0}
   */
  readonly overlap?: number;
}

/** So many steps of equally many events: tonic's `n_event_bins`. What is left at the end is in none. */
export interface EventBins {
  /** How many steps. */
  readonly nEventBins: number;
  /**
   * How much of a step the next one has, too: a part of 1.
   *
   * @default {0}
   */
  readonly overlap?: number;
}

/** So many steps, the last up to the end: SpikingJelly's `split_by` and `frames_number`. */
export interface SplitFrames {
  /** Whether steps are of equal times or of equally many events. */
  readonly splitBy: "time" | "number";
  /** How many steps. Where one has no events, which is an error there, it is empty. */
  readonly framesNumber: number;
}

/** Steps of equal times from the first event to the last: SpikingJelly's `duration`. */
export interface FrameDuration {
  /** How long a step is; the last has what is left, too. */
  readonly duration: number;
}

const WHAT = "Cannot slice events";

/**
 * Cuts events into time steps, exactly as tonic's `ToFrame` or SpikingJelly's data sets do.
 *
 * @param times The times of the events, in order.
 * @param options How they are cut.
 * @returns The steps.
 * @throws {TypeError} If none of the ways is named, or several are.
 * @throws {RangeError} If a number is out of range, or the overlap leaves nothing of a step.
 *
 * @example
 * ```ts
 * import { sliceTimes } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const times = [0, 100, 250, 300, 900];
 * assertEquals(sliceTimes(times, { splitBy: "number", framesNumber: 2 }), [
 *   { start: 0, end: 2 },
 *   { start: 2, end: 5 },
 * ]);
 * assertEquals(sliceTimes(times, { timeWindow: 300 }).length, 3);
 * ```
 */
export function sliceTimes(times: ArrayLike<number>, options: SliceOptions): Slice[] {
  const ways = WAYS.filter((way) =>
    (options as unknown as Record<string, unknown>)[way] !== undefined
  );
  if (ways.length !== 1) {
    throw new TypeError(
      `${WHAT} as one of ${WAYS.join(", ")} must be given: there are ${ways.length}`,
    );
  }
  if ("timeWindow" in options) return byTimeWindow(times, options);
  if ("eventCount" in options) return byEventCount(times.length, options);
  if ("nTimeBins" in options) return byTimeBins(times, options);
  if ("nEventBins" in options) return byEventBins(times.length, options);
  if ("duration" in options) return byDuration(times, options.duration);
  return bySplit(times, options);
}

const WAYS = ["timeWindow", "eventCount", "nTimeBins", "nEventBins", "splitBy", "duration"];

function byTimeWindow(times: ArrayLike<number>, options: TimeWindow): Slice[] {
  const { overlap = 0, includeIncomplete = false } = options;
  const window = checkAbove(WHAT, "timeWindow", options.timeWindow, 0);
  const stride = checkStride(window - overlap);
  const start = options.startTime ?? times[0] ?? 0;
  const end = options.endTime ?? times[times.length - 1] ?? 0;
  const steps = (end - start - window) / stride;
  const count = Math.max(1, (includeIncomplete ? Math.ceil(steps) : Math.floor(steps)) + 1);
  return Array.from({ length: count }, (_, k) => {
    const from = start + k * stride;
    return { start: firstFrom(times, from), end: firstFrom(times, from + window) };
  });
}

function byEventCount(events: number, options: EventCount): Slice[] {
  const { overlap = 0, includeIncomplete = false } = options;
  const eventCount = checkCount(WHAT, "eventCount", options.eventCount);
  const stride = checkStride(eventCount - overlap);
  const own = Math.min(eventCount, events);
  const steps = (events - own) / stride;
  const count = (includeIncomplete ? Math.ceil(steps) : Math.floor(steps)) + 1;
  return Array.from({ length: count }, (_, k) => {
    const start = Math.trunc(k * stride);
    return { start, end: start + own };
  });
}

function byTimeBins(times: ArrayLike<number>, { nTimeBins, overlap = 0 }: TimeBins): Slice[] {
  const count = checkCount(WHAT, "nTimeBins", nTimeBins);
  checkPart(overlap);
  const start = times[0] ?? 0;
  const window = Math.floor(((times[times.length - 1] ?? 0) - start) / count) * (1 + overlap);
  const stride = window * (1 - overlap);
  return Array.from({ length: count }, (_, k) => {
    const from = k * stride + start;
    return { start: firstFrom(times, from), end: firstFrom(times, from + window) };
  });
}

function byEventBins(events: number, { nEventBins, overlap = 0 }: EventBins): Slice[] {
  const count = checkCount(WHAT, "nEventBins", nEventBins);
  checkPart(overlap);
  const own = Math.trunc(Math.floor(events / count) * (1 + overlap));
  const stride = Math.trunc(own * (1 - overlap));
  return Array.from(
    { length: count },
    (_, k) => ({ start: k * stride, end: k * stride + own }),
  );
}

function bySplit(times: ArrayLike<number>, { splitBy, framesNumber }: SplitFrames): Slice[] {
  const count = checkCount(WHAT, "framesNumber", framesNumber);
  if (splitBy !== "time" && splitBy !== "number") {
    throw new TypeError(
      `${WHAT} as splitBy must be "time" or "number": current value is ${splitBy}`,
    );
  }
  const { length } = times;
  const start = times[0] ?? 0;
  const step = Math.floor(
    (splitBy === "number" ? length : (times[length - 1] ?? 0) - start) / count,
  );
  const border = (k: number) => {
    if (k === count) return length;
    return splitBy === "number" ? k * step : firstFrom(times, start + k * step);
  };
  return Array.from({ length: count }, (_, k) => ({ start: border(k), end: border(k + 1) }));
}

function byDuration(times: ArrayLike<number>, duration: number): Slice[] {
  checkAbove(WHAT, "duration", duration, 0);
  const { length } = times;
  const start = times[0] ?? 0;
  const count = Math.max(1, Math.ceil(((times[length - 1] ?? 0) - start) / duration));
  const border = (k: number) => k === count ? length : firstFrom(times, start + k * duration);
  return Array.from({ length: count }, (_, k) => ({ start: border(k), end: border(k + 1) }));
}

/** The index of the first event at a time or later. */
function firstFrom(times: ArrayLike<number>, time: number): number {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checkStride(stride: number): number {
  if (stride > 0) return stride;
  throw new RangeError(`${WHAT} as the overlap must be less than a step: ${stride} of it is left`);
}

function checkPart(overlap: number): void {
  if (overlap >= 0 && overlap < 1) return;
  throw new RangeError(`${WHAT} as overlap must be at least 0 and less than 1: it is ${overlap}`);
}
