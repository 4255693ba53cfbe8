/**
 * Data sets: samples of any shape and, where they have any, their classes. Plain data, no GPU.
 *
 * @module
 */

import { checkCount } from "../validate.ts";
import { checkLabels } from "./check_labels.ts";
import { checkLengths } from "./check_lengths.ts";

/** The numbers of a data set's samples. */
export type Content = ByteContent | FloatContent | EventContent;

/** Bytes, such as grey values. */
export interface ByteContent {
  /** The kind. */
  readonly kind: "bytes";
  /** `[count, ...shape]`, row major; a network reads value / 255. */
  readonly data: Uint8Array;
}

/** Floats. */
export interface FloatContent {
  /** The kind. */
  readonly kind: "floats";
  /** `[count, ...shape]` or, with `timeSteps`, `[count, T, ...shape]`, row major. */
  readonly data: Float32Array;
  /** T, where the numbers differ from time step to time step. */
  readonly timeSteps?: number;
}

/** Events: places of a sample's shape and the time of each. */
export interface EventContent {
  /** The kind. */
  readonly kind: "events";
  /** Where each sample's events begin, and where the last ones end: `[count + 1]`. */
  readonly offsets: ArrayLike<number>;
  /** The place of each event, an index into the flattened shape. */
  readonly places: ArrayLike<number>;
  /** The time of each event, in whatever unit its encoder reads: time steps, microseconds. */
  readonly times: ArrayLike<number>;
}

/** What a {@linkcode Dataset} is made of. */
export interface DatasetInit {
  /** What a sample has at one time step, the outermost dimension first: `[1, 28, 28]`. */
  readonly shape: readonly number[];
  /** The numbers of the samples. */
  readonly content: Content;
  /**
   * The class of each sample, an integer of at least 0: `[count]`, in any array of integers. Nothing
   * where there are none, as for predictions.
   */
  readonly labels?: ArrayLike<number> | ArrayLike<bigint>;
  /**
   * How many classes there are. Where a data set has several parts, say it of all of them.
   *
   * @default {1 + the largest label}
   */
  readonly classes?: number;
  /**
   * How many time steps each sample has, 1 to T, where some end before T: `[count]`. What is after a sample's end
   * doesn't count.
   */
  readonly lengths?: ArrayLike<number>;
}

/**
 * Samples and, where they have any, their classes.
 *
 * The arrays are the caller's and aren't copied, except for labels of 64 bits. They may change between two calls that take the data
 * set, but not during one: each call reads them anew, and keeps nothing of them after it.
 *
 * @example
 * ```ts
 * import { Dataset } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const dataset = new Dataset({
 *   shape: [1, 2, 2],
 *   content: { kind: "bytes", data: new Uint8Array([0, 255, 128, 0, 0, 64, 255, 32]) },
 *   labels: [1, 0],
 * });
 * assertEquals(dataset.count, 2);
 * const second = dataset.take([1]);
 * assertEquals(second.content.kind === "bytes" && [...second.content.data], [0, 64, 255, 32]);
 * assertEquals(Array.from(second.labels ?? []), [0]);
 * ```
 */
export class Dataset implements DatasetInit {
  /** What a sample has at one time step. */
  readonly shape: readonly number[];
  /** The numbers of the samples. */
  readonly content: Content;
  /** The class of each sample, `[count]`; nothing where there are none. */
  readonly labels?: ArrayLike<number>;
  /** How many classes there are; 0 without labels where nobody said it. */
  readonly classes: number;
  /** How many samples there are. */
  readonly count: number;
  /** How many time steps each sample has, `[count]`; nothing where each has T. */
  readonly lengths?: ArrayLike<number>;

  /**
   * Makes a data set of its parts.
   *
   * @param init Its parts; they are checked to fit together.
   * @throws {TypeError} If a part is missing or of the wrong kind.
   * @throws {RangeError} If parts don't fit, or a label, a length or an event's place is out of range.
   */
  constructor(init: DatasetInit) {
    const { shape, content } = init;
    const labels = numbersOfLabels(init.labels);
    if (!Array.isArray(shape) || shape.length === 0 || !shape.every(isCount)) {
      throw new RangeError(
        `${WHAT} as its shape must be a list of integers of at least 1: current value is ` +
          `[${Array.isArray(shape) ? shape.join(", ") : shape}]`,
      );
    }
    this.shape = [...shape];
    this.content = content;
    this.count = countOf(content, this.#size);
    if (labels) this.labels = labels;
    this.classes = init.classes ?? (labels ? 1 + largest(labels) : 0);
    if (init.classes !== undefined) checkCount(WHAT, "classes", this.classes);
    if (labels) checkLabels(WHAT, this);
    if (init.lengths) this.lengths = init.lengths;
    checkLengths(WHAT, this, content.kind === "floats" ? content.timeSteps : undefined);
  }

  /** Numbers of a sample at one time step. */
  get #size(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  /**
   * Some of the samples, in the order that is asked for.
   *
   * @param samples Their indexes.
   * @returns A data set of copies.
   * @throws {RangeError} If there is no sample of an index.
   */
  take(samples: ArrayLike<number>): Dataset {
    const indexes = Array.from(samples, (index) => {
      if (Number.isInteger(index) && index >= 0 && index < this.count) return index;
      throw new RangeError(
        `Cannot take sample ${index} of a data set as there are ${this.count}, from 0`,
      );
    });
    return this.#with(
      takeContent(this.content, this.#size, indexes),
      (numbers) => indexes.map((index) => numbers[index]!),
    );
  }

  /**
   * The samples from one index to before another.
   *
   * @param start The first; 0 by default.
   * @param end The one after the last; by default all.
   * @returns A data set; of bytes and floats a view, not a copy.
   * @throws {RangeError} If there are no such samples.
   */
  slice(start = 0, end: number = this.count): Dataset {
    if (
      !Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start >= end ||
      end > this.count
    ) {
      throw new RangeError(
        `Cannot slice a data set of ${this.count} samples from ${start} to ${end}`,
      );
    }
    return this.#with(
      sliceContent(this.content, this.#size, start, end),
      (numbers) => Array.prototype.slice.call(numbers, start, end) as number[],
    );
  }

  #with(content: Content, pick: (numbers: ArrayLike<number>) => ArrayLike<number>): Dataset {
    const { shape, labels, classes, lengths } = this;
    return new Dataset({
      shape,
      content,
      ...labels ? { labels: pick(labels) } : {},
      ...classes ? { classes } : {},
      ...lengths ? { lengths: pick(lengths) } : {},
    });
  }
}

/** A data set in two parts that share shape and classes. */
export interface DatasetSplits {
  /** The part that a network learns from. */
  readonly train: Dataset;
  /** The part that tells how well it has learnt. */
  readonly test: Dataset;
}

const WHAT = "Cannot make a data set";
const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;

/** The labels as numbers: those of 64-bit arrays, which other programs like to write, aren't. */
function numbersOfLabels(labels: DatasetInit["labels"]): ArrayLike<number> | undefined {
  if (labels === undefined) return;
  if (typeof labels !== "object" || !Number.isSafeInteger(labels?.length)) {
    throw new TypeError(
      `${WHAT} as labels must be an array of integers: current value is ${labels}`,
    );
  }
  const isNumber = (labels: ArrayLike<number | bigint>): labels is ArrayLike<number> =>
    typeof labels[0] !== "bigint";
  return isNumber(labels) ? labels : Float64Array.from(labels as ArrayLike<bigint>, Number);
}

/** The largest class; what is no class is left to the check of labels. */
function largest(labels: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < labels.length; i++) {
    if (Number.isSafeInteger(labels[i])) most = Math.max(most, labels[i]!);
  }
  return most;
}

/** Numbers of a sample, all its time steps. */
const numbersOf = (content: ByteContent | FloatContent, size: number) =>
  size * (content.kind === "floats" ? content.timeSteps ?? 1 : 1);

function countOf(content: Content, size: number): number {
  switch (content?.kind) {
    case "bytes":
      if (!(content.data instanceof Uint8Array)) throw wrongData("bytes", "a Uint8Array");
      return divided(content.data.length, size);
    case "floats": {
      if (!(content.data instanceof Float32Array)) throw wrongData("floats", "a Float32Array");
      if (content.timeSteps !== undefined && !isCount(content.timeSteps)) {
        throw new RangeError(
          `${WHAT} as its timeSteps must be an integer of at least 1: current value is ${content.timeSteps}`,
        );
      }
      return divided(content.data.length, numbersOf(content, size));
    }
    case "events":
      return checkEvents(content, size);
    default:
      throw new TypeError(
        `${WHAT} as its content must be of bytes, floats or events: its kind is ${
          (content as Content | undefined)?.kind
        }`,
      );
  }
}

const wrongData = (kind: string, type: string) =>
  new TypeError(`${WHAT} as the data of ${kind} must be ${type}`);

function divided(length: number, size: number): number {
  const count = length / size;
  if (isCount(count)) return count;
  throw new RangeError(
    `${WHAT} as its data must be [count, ...shape], a multiple of ${size} numbers and at least as many: ` +
      `it has ${length}`,
  );
}

function checkEvents({ offsets, places, times }: EventContent, size: number): number {
  const count = offsets.length - 1;
  if (count < 1 || offsets[0] !== 0 || offsets[count] !== places.length) {
    throw new RangeError(
      `${WHAT} as the offsets of its events must be [count + 1] and go from 0 to their number, ` +
        `${places.length}: there are ${offsets.length}, from ${offsets[0]} to ${
          offsets[offsets.length - 1]
        }`,
    );
  }
  if (times.length !== places.length) {
    throw new RangeError(
      `${WHAT} as each of ${places.length} events must have a time: there are ${times.length}`,
    );
  }
  for (let sample = 0; sample < count; sample++) {
    if (offsets[sample]! <= offsets[sample + 1]!) continue;
    throw new RangeError(`${WHAT} as the offsets of its events fall at sample ${sample}`);
  }
  for (let event = 0; event < places.length; event++) {
    const place = places[event]!;
    if (!(Number.isInteger(place) && place >= 0 && place < size)) {
      throw new RangeError(
        `${WHAT} as places must be integers from 0 to ${
          size - 1
        }: that of event ${event} is ${place}`,
      );
    }
    if (!(times[event]! >= 0 && Number.isFinite(times[event]!))) {
      throw new RangeError(
        `${WHAT} as times must be finite and at least 0: that of event ${event} is ${times[event]}`,
      );
    }
  }
  return count;
}

function takeContent(content: Content, size: number, indexes: readonly number[]): Content {
  if (content.kind === "events") {
    const { offsets, places, times } = content;
    const starts = new Float64Array(indexes.length + 1);
    indexes.forEach((index, i) => {
      starts[i + 1] = starts[i]! + offsets[index + 1]! - offsets[index]!;
    });
    const events = starts[indexes.length]!;
    const own = {
      places: places instanceof Uint16Array ? new Uint16Array(events) : new Uint32Array(events),
      times: times instanceof Uint32Array ? new Uint32Array(events) : new Float64Array(events),
    };
    indexes.forEach((index, i) => {
      for (let at = starts[i]!, event = offsets[index]!; at < starts[i + 1]!; at++, event++) {
        own.places[at] = places[event]!;
        own.times[at] = times[event]!;
      }
    });
    return { kind: "events", offsets: starts, ...own };
  }
  const numbers = numbersOf(content, size);
  const length = numbers * indexes.length;
  const copy = <D extends Uint8Array | Float32Array>(from: D, to: D): D => {
    indexes.forEach((index, i) =>
      to.set(from.subarray(index * numbers, (index + 1) * numbers), i * numbers)
    );
    return to;
  };
  return content.kind === "bytes"
    ? { ...content, data: copy(content.data, new Uint8Array(length)) }
    : { ...content, data: copy(content.data, new Float32Array(length)) };
}

function sliceContent(content: Content, size: number, start: number, end: number): Content {
  if (content.kind === "events") {
    return takeContent(content, size, Array.from({ length: end - start }, (_, i) => start + i));
  }
  const numbers = numbersOf(content, size);
  return content.kind === "bytes"
    ? { ...content, data: content.data.subarray(start * numbers, end * numbers) }
    : { ...content, data: content.data.subarray(start * numbers, end * numbers) };
}
