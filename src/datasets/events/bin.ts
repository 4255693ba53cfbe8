import { checkCount } from "../../validate.ts";
import type { EventRecording } from "../make.ts";
import { type Slice, type SliceOptions, sliceTimes } from "./slices.ts";

/**
 * Turns the times of a recording into time steps, for a data set that an `EventEncoder` reads. No frames are
 * made. Where steps overlap, an event is in each of its steps.
 *
 * @param recording The recording, its times in order.
 * @param options How it is cut into steps.
 * @returns The same places; times are numbers of steps, from 0.
 * @throws {TypeError | RangeError} As {@linkcode sliceTimes} does.
 *
 * @example
 * ```ts
 * import { binEvents } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const recording = { places: [5, 6, 5, 7], times: [10, 20, 900, 1000], label: 3 };
 * const binned = binEvents(recording, { splitBy: "time", framesNumber: 2 });
 * assertEquals(Array.from(binned.times), [0, 0, 1, 1]);
 * assertEquals(binned.label, 3);
 * ```
 */
export function binEvents(recording: EventRecording, options: SliceOptions): EventRecording {
  const slices = insideOf(recording, options);
  const count = slices.reduce((sum, { start, end }) => sum + end - start, 0);
  const places = new Uint32Array(count);
  const times = new Uint32Array(count);
  let at = 0;
  slices.forEach(({ start, end }, step) => {
    for (let event = start; event < end; event++) {
      places[at] = recording.places[event]!;
      times[at++] = step;
    }
  });
  return { ...recording, places, times };
}

/**
 * Counts the events of each place in each time step.
 *
 * @param recording The recording, its times in order.
 * @param options What a sample has at one time step, such as `[2, 34, 34]`, and how the recording is cut.
 * @returns The counts, `[T, ...shape]`, row major: the data of a data set of floats with `timeSteps` T.
 * @throws {TypeError | RangeError} As {@linkcode sliceTimes} does, or if a place lies outside the shape.
 *
 * @example
 * ```ts
 * import { framesOf } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const recording = { places: [0, 3, 3, 2], times: [10, 20, 30, 1000] };
 * const { timeSteps, data } = framesOf(recording, { shape: [4], splitBy: "number", framesNumber: 2 });
 * assertEquals(timeSteps, 2);
 * assertEquals([...data], [1, 0, 0, 1, 0, 0, 1, 1]);
 * ```
 */
export function framesOf(
  recording: EventRecording,
  options: SliceOptions & { readonly shape: readonly number[] },
): { timeSteps: number; data: Float32Array<ArrayBuffer> } {
  const what = "Cannot make frames";
  const { shape } = options;
  const size = shape.reduce((product, size) => product * checkCount(what, "shape", size), 1);
  const slices = insideOf(recording, options);
  const data = new Float32Array(slices.length * size);
  slices.forEach(({ start, end }, step) => {
    for (let event = start; event < end; event++) {
      const place = recording.places[event]!;
      if (!(place < size)) {
        throw new RangeError(`${what} as event ${event} is at place ${place}: there are ${size}`);
      }
      data[step * size + place]!++;
    }
  });
  return { timeSteps: slices.length, data };
}

function insideOf({ times }: EventRecording, options: SliceOptions): Slice[] {
  const { length } = times;
  const inside = (index: number) => Math.min(index, length);
  return sliceTimes(times, options)
    .map(({ start, end }) => ({ start: inside(start), end: inside(end) }));
}
