import { checkAbove, checkCount } from "../../validate.ts";
import type { EventRecording } from "../make.ts";
import type { CameraEvents } from "./camera_events.ts";

/** Columns and rows. */
export type SensorSize = readonly [width: number, height: number];

/** Options of {@linkcode centerCrop}. */
export interface CenterCropOptions {
  /** Columns and rows of the sensor. */
  readonly sensorSize: SensorSize;
  /** Columns and rows that stay. */
  readonly size: SensorSize;
}

/** Options of {@linkcode downsample}. */
export interface DownsampleOptions {
  /**
   * What places are multiplied by, one number or one for columns and one for rows.
   *
   * @default {1}
   */
  readonly spatialFactor?: number | SensorSize;
  /**
   * What times are multiplied by: 0.001 makes milliseconds of microseconds.
   *
   * @default {1}
   */
  readonly timeFactor?: number;
}

/**
 * Keeps the events in the middle of the sensor, as tonic's `CenterCrop`. Where the size is larger than the
 * sensor, the events move to the middle of it.
 *
 * @param events The events.
 * @param options The sensor's size, and what stays of it.
 * @returns Copies of those that stay, places counted from the new corner.
 * @throws {RangeError} If a size isn't an integer of at least 1.
 *
 * @example
 * ```ts
 * import { centerCrop, collectEvents, readNmnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const events = await collectEvents(readNmnist(new Uint8Array([0, 0, 0, 0, 1, 17, 16, 0, 0, 2])));
 * const { x, y } = centerCrop(events, { sensorSize: [34, 34], size: [28, 28] });
 * assertEquals([[...x], [...y]], [[14], [13]]);
 * ```
 */
export function centerCrop(events: CameraEvents, options: CenterCropOptions): CameraEvents {
  const [width, height] = sizesOf("size", options.size);
  const [x0, y0] = sizesOf("sensorSize", options.sensorSize)
    .map((size, i) => Math.floor((size - [width, height][i]!) / 2)) as [number, number];
  const [left, top] = [Math.max(x0, 0), Math.max(y0, 0)];
  const { x, y } = events;
  const kept = filtered(
    events,
    (i) => x[i]! >= left && x[i]! < left + width && y[i]! >= top && y[i]! < top + height,
  );
  return { ...kept, x: kept.x.map((x) => x - x0), y: kept.y.map((y) => y - y0) };
}

/**
 * Keeps the events of some time, as tonic's `CropTime`.
 *
 * @param events The events.
 * @param options The first time that stays, 0 by default, and the last; by default that of the last event.
 * @returns Copies of those that stay; their times are as they were.
 *
 * @example
 * ```ts
 * import { cropTime, collectEvents, readNmnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const events = await collectEvents(readNmnist(new Uint8Array([0, 0, 0, 0, 1, 17, 16, 0, 0, 2])));
 * assertEquals([...cropTime(events, { max: 1 }).t], [1]);
 * ```
 */
export function cropTime(
  events: CameraEvents,
  { min = 0, max = Infinity }: { readonly min?: number; readonly max?: number } = {},
): CameraEvents {
  return filtered(events, (i) => events.t[i]! >= min && events.t[i]! <= max);
}

/**
 * Brings places and times to a coarser grid, as tonic's `Downsample`: each is multiplied and rounded down. No
 * event is dropped.
 *
 * @param events The events.
 * @param options The factors.
 * @returns Copies.
 * @throws {RangeError} If a factor isn't above 0.
 *
 * @example
 * ```ts
 * import { downsample, collectEvents, readNmnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const events = await collectEvents(readNmnist(new Uint8Array([9, 17, 0, 5, 1])));
 * const { x, y, t } = downsample(events, { spatialFactor: 0.5, timeFactor: 0.001 });
 * assertEquals([x[0], y[0], t[0]], [4, 8, 1]);
 * ```
 */
export function downsample(
  { x, y, t, p }: CameraEvents,
  { spatialFactor = 1, timeFactor = 1 }: DownsampleOptions = {},
): CameraEvents {
  const what = "Cannot downsample events";
  const factors = typeof spatialFactor === "number"
    ? [spatialFactor, spatialFactor]
    : spatialFactor;
  const [across, down] = factors.map((factor) => checkAbove(what, "spatialFactor", factor, 0)) as [
    number,
    number,
  ];
  const later = checkAbove(what, "timeFactor", timeFactor, 0);
  return {
    x: x.map((x) => x * across),
    y: y.map((y) => y * down),
    t: t.map((t) => Math.trunc(t * later)),
    p: p.slice(),
  };
}

/**
 * Makes all events of one polarity, as tonic's `MergePolarities`.
 *
 * @param events The events.
 * @returns The same events, all of polarity 0.
 *
 * @example
 * ```ts
 * import { mergePolarities, collectEvents, readNmnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const events = await collectEvents(readNmnist(new Uint8Array([9, 17, 0x80, 0, 1])));
 * assertEquals([...mergePolarities(events).p], [0]);
 * ```
 */
export function mergePolarities(events: CameraEvents): CameraEvents {
  return { ...events, p: new Uint8Array(events.p.length) };
}

/** Options of {@linkcode recordingOf}. */
export interface RecordingOptions {
  /** What a sample has at one time step: `[2, height, width]`, or `[1, height, width]` of one polarity. */
  readonly shape: readonly [channels: number, height: number, width: number];
  /** The recording's class; nothing where there is none. */
  readonly label?: number;
}

/**
 * Makes a recording of a camera's events, for {@linkcode eventDataset}, {@linkcode binEvents} and
 * {@linkcode framesOf}. Channel 0 has events of polarity 0, OFF; channel 1 those of polarity 1, ON.
 *
 * @param events The events.
 * @param options What a sample has at one time step, and its class.
 * @returns The recording; its times are those of the events, not copied.
 * @throws {RangeError} If an event lies outside the shape.
 *
 * @example
 * ```ts
 * import { collectEvents, readNmnist, recordingOf } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const events = await collectEvents(readNmnist(new Uint8Array([3, 1, 0x80, 0, 7])));
 * const { places, times } = recordingOf(events, { shape: [2, 34, 34], label: 5 });
 * assertEquals([places[0], times[0]], [34 * 34 + 34 + 3, 7]);
 * ```
 */
export function recordingOf(
  { x, y, t, p }: CameraEvents,
  { shape: [channels, height, width], label }: RecordingOptions,
): EventRecording {
  const size = channels * height * width;
  const places = size <= 1 << 16 ? new Uint16Array(t.length) : new Uint32Array(t.length);
  for (let i = 0; i < t.length; i++) {
    if (!(x[i]! < width && y[i]! < height && p[i]! < channels)) {
      throw new RangeError(
        `Cannot make a recording as event ${i}, at x ${x[i]}, y ${y[i]}, of polarity ${
          p[i]
        }, lies ` +
          `outside [${channels}, ${height}, ${width}]`,
      );
    }
    places[i] = (p[i]! * height + y[i]!) * width + x[i]!;
  }
  return { places, times: t, ...label === undefined ? {} : { label } };
}

function filtered({ x, y, t, p }: CameraEvents, keeps: (i: number) => boolean): CameraEvents {
  const kept = (_: number, i: number) => keeps(i);
  return { x: x.filter(kept), y: y.filter(kept), t: t.filter(kept), p: p.filter(kept) };
}

function sizesOf(name: string, sizes: SensorSize): SensorSize {
  const [width, height] = sizes;
  const what = "Cannot crop events";
  return [checkCount(what, name, width), checkCount(what, name, height)];
}
