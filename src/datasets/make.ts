import { Dataset } from "./dataset.ts";

/** What goes with the pictures of {@linkcode imageDataset}. */
export interface ImageDatasetOptions {
  /** What a picture has: `[channels, height, width]`. */
  readonly shape: readonly number[];
  /** The class of each picture; nothing where there are none. */
  readonly labels?: ArrayLike<number> | ArrayLike<bigint>;
  /**
   * How many classes there are.
   *
   * @default {1 + the largest label}
   */
  readonly classes?: number;
}

/**
 * Makes a data set of pictures.
 *
 * @param pixels The grey or colour values, 0 to 255: `[count, ...shape]`, row major. They aren't copied.
 * @param options Their shape and classes.
 * @returns The data set.
 * @throws {TypeError | RangeError} If the parts don't fit together.
 *
 * @example
 * ```ts
 * import { imageDataset } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const pictures = imageDataset(new Uint8Array(3 * 28 * 28), { shape: [1, 28, 28], labels: [7, 2, 1] });
 * assertEquals([pictures.count, pictures.classes], [3, 8]);
 * ```
 */
export function imageDataset(pixels: Uint8Array, options: ImageDatasetOptions): Dataset {
  return new Dataset({ ...options, content: { kind: "bytes", data: pixels } });
}

/** A recording of {@linkcode eventDataset}: the events of one sample. */
export interface EventRecording {
  /** The place of each event: an index into the flattened shape, such as `(p * height + y) * width + x`. */
  readonly places: ArrayLike<number>;
  /** The time of each event, in one unit for all recordings. */
  readonly times: ArrayLike<number>;
  /** The recording's class; nothing where there is none. */
  readonly label?: number;
}

/**
 * Makes a data set of events: sparse spikes with times, such as an event camera's. No frames are made.
 *
 * @param recordings The recordings; what they hold is copied.
 * @param options What a sample has at one time step, such as `[2, 34, 34]`, and how many classes there are.
 * @returns The data set.
 * @throws {TypeError | RangeError} If a recording's parts don't fit together, or only some have labels.
 *
 * @example
 * ```ts
 * import { eventDataset } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const dataset = eventDataset(
 *   [{ places: [0, 2311], times: [10, 2500], label: 1 }, { places: [5], times: [0], label: 0 }],
 *   { shape: [2, 34, 34] },
 * );
 * assertEquals([dataset.count, dataset.classes], [2, 2]);
 * ```
 */
export function eventDataset(
  recordings: Iterable<EventRecording>,
  options: { readonly shape: readonly number[]; readonly classes?: number },
): Dataset {
  const all = [...recordings];
  const events = all.reduce((sum, { places }) => sum + places.length, 0);
  const offsets = new Uint32Array(all.length + 1);
  const places = new Uint32Array(events);
  const times = new Float64Array(events);
  const labelled = all.filter(({ label }) => label !== undefined).length;
  if (labelled !== 0 && labelled !== all.length) {
    throw new TypeError(
      `Cannot make a data set of events as all recordings or none must have a label: ` +
        `${labelled} of ${all.length} have one`,
    );
  }
  all.forEach((recording, i) => {
    if (recording.times.length !== recording.places.length) {
      throw new RangeError(
        `Cannot make a data set of events as each event must have a time: recording ${i} has ` +
          `${recording.places.length} places and ${recording.times.length} times`,
      );
    }
    const first = offsets[i]!;
    for (let event = 0; event < recording.places.length; event++) {
      const place = recording.places[event]!;
      // A typed array would wrap it around.
      if (!Number.isInteger(place) || place < 0) {
        throw new RangeError(
          `Cannot make a data set of events as places must be integers of at least 0: event ${event} ` +
            `of recording ${i} has ${place}`,
        );
      }
      places[first + event] = place;
      times[first + event] = recording.times[event]!;
    }
    offsets[i + 1] = first + recording.places.length;
  });
  return new Dataset({
    shape: options.shape,
    content: { kind: "events", offsets, places, times },
    ...labelled > 0 ? { labels: all.map(({ label }) => label!) } : {},
    ...options.classes === undefined ? {} : { classes: options.classes },
  });
}
