import { Dataset } from "../dataset.ts";
import type { EventRecording } from "../make.ts";

/** Room for numbers that grows. */
class Column<A extends Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>> {
  #numbers: A;
  readonly #make: (length: number) => A;
  #length = 0;

  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#numbers = make(1 << 12);
  }

  add(numbers: ArrayLike<number>): void {
    const needed = this.#length + numbers.length;
    if (needed > this.#numbers.length) {
      const larger = this.#make(Math.max(needed, Math.ceil(1.5 * this.#numbers.length)));
      larger.set(this.#numbers.subarray(0, this.#length));
      this.#numbers = larger;
    }
    this.#numbers.set(numbers, this.#length);
    this.#length = needed;
  }

  all(): A {
    return this.#numbers.subarray(0, this.#length) as A;
  }
}

/** Time as four bytes keep it: more than an hour of microseconds. */
const MOST_TIME = 2 ** 32 - 1;

/** A data set of events in the making, in as little memory as files take: 6 bytes an event, or 8. */
export class EventBuilder {
  readonly #shape: readonly number[];
  readonly #size: number;
  readonly #places: Column<Uint16Array<ArrayBuffer>> | Column<Uint32Array<ArrayBuffer>>;
  readonly #times = new Column((length) => new Uint32Array(length));
  readonly #offsets = [0];
  readonly #labels: number[] = [];

  /**
   * Starts a data set.
   *
   * @param shape What a sample has at one time step.
   */
  constructor(shape: readonly number[]) {
    this.#shape = shape;
    this.#size = shape.reduce((product, size) => product * size, 1);
    this.#places = this.#size <= 1 << 16
      ? new Column((length) => new Uint16Array(length))
      : new Column((length) => new Uint32Array(length));
  }

  /**
   * Adds a recording with a label; what it holds is copied.
   *
   * @param recording The recording.
   * @param name What to call it, where it doesn't fit.
   * @throws {RangeError} If a place isn't one of the shape's, or a time isn't 0 to 2^32 - 1.
   */
  add({ places, times }: EventRecording, label: number, name: string): void {
    for (let i = 0; i < times.length; i++) {
      if (!(places[i]! < this.#size)) {
        throw new RangeError(`Cannot use ${name} as an event is at place ${places[i]}`);
      }
      if (!(times[i]! >= 0 && times[i]! <= MOST_TIME)) {
        throw new RangeError(
          `Cannot use ${name} as an event is at ${times[i]} us: at most are 71 minutes`,
        );
      }
    }
    this.#places.add(places);
    this.#times.add(times);
    this.#offsets.push(this.#offsets.at(-1)! + times.length);
    this.#labels.push(label);
  }

  /** The largest label so far. */
  get largestLabel(): number {
    return this.#labels.reduce((a, b) => Math.max(a, b), 0);
  }

  /** Recordings so far. */
  get count(): number {
    return this.#labels.length;
  }

  /**
   * Makes the data set.
   *
   * @param classes How many classes there are.
   * @returns It.
   */
  build(classes: number): Dataset {
    return new Dataset({
      shape: this.#shape,
      content: {
        kind: "events",
        offsets: Float64Array.from(this.#offsets),
        places: this.#places.all(),
        times: this.#times.all(),
      },
      labels: Uint16Array.from(this.#labels),
      classes,
    });
  }
}
