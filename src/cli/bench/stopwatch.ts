import type { Gpu } from "../../gpu/gpu.ts";
import { CommandList } from "../../gpu/commands.ts";

/** What is timed: puts one run of it into commands. */
export type Work = (commands: CommandList) => void;

/** Options of a {@linkcode Stopwatch}. */
export interface StopwatchOptions {
  /**
   * How often a submit is timed; the fastest counts.
   *
   * @default {5}
   */
  rounds?: number;
  /**
   * How long a submit should keep the device busy, in milliseconds: it repeats the work that often.
   *
   * @default {50}
   */
  milliseconds?: number;
}

/** Runs in a submit at most: commands take memory too. */
const MOST_REPEATS = 4096;
/** How long the device's clock is compared with the program's, in milliseconds. */
const CALIBRATION = 150;
/** A clock that is this near to nanoseconds counts them. */
const TOLERANCE = 0.1;
const BYTES_A_STAMP = 8;

/**
 * Times what a device does: by the device's own timestamps where it has them, else by the time that
 * a submit takes beyond an empty one.
 */
export class Stopwatch implements Disposable {
  readonly #gpu: Gpu;
  readonly #rounds: number;
  readonly #milliseconds: number;
  readonly #result: GPUBuffer;
  #stamps: { readonly set: GPUQuerySet; readonly buffer: GPUBuffer } | undefined;
  /** Of one count of the device's clock; of an empty submit without one: what it takes. */
  #nanoseconds = 1;
  #empty = 0;

  private constructor(gpu: Gpu, { rounds = 5, milliseconds = 50 }: StopwatchOptions) {
    this.#gpu = gpu;
    this.#rounds = rounds;
    this.#milliseconds = milliseconds;
    this.#result = gpu.createBuffer(4, "stopwatch");
    if (!gpu.device.features.has("timestamp-query")) return;
    const { QUERY_RESOLVE, COPY_SRC } = GPUBufferUsage;
    this.#stamps = {
      set: gpu.device.createQuerySet({ type: "timestamp", count: 2 }),
      buffer: gpu.device.createBuffer({
        label: "timestamps",
        size: 2 * BYTES_A_STAMP,
        usage: QUERY_RESOLVE | COPY_SRC,
      }),
    };
  }

  /**
   * Makes a stopwatch.
   *
   * @param gpu The device whose work it times.
   * @param options How often and how long.
   * @returns The stopwatch.
   */
  static async start(gpu: Gpu, options: StopwatchOptions = {}): Promise<Stopwatch> {
    const stopwatch = new Stopwatch(gpu, options);
    await stopwatch.#calibrate();
    return stopwatch;
  }

  /** Whether times are the device's own. */
  get hasTimestamps(): boolean {
    return this.#stamps !== undefined;
  }

  /**
   * Times work, warmed up, repeated within a submit.
   *
   * @param work The work.
   * @returns Milliseconds of one run: those of the fastest round.
   */
  async time(work: Work): Promise<number> {
    let repeats = 1;
    await this.#submit(work, repeats);
    let total = await this.#submit(work, repeats);
    while (total < this.#milliseconds / 2 && repeats < MOST_REPEATS) {
      // A short time is known too badly to follow from.
      const factor = Math.min(16, this.#milliseconds / Math.max(total, 0.001));
      repeats = Math.min(MOST_REPEATS, Math.ceil(repeats * factor));
      total = await this.#submit(work, repeats);
    }
    for (let round = 1; round < this.#rounds; round++) {
      total = Math.min(total, await this.#submit(work, repeats));
    }
    return total / repeats;
  }

  /** Frees what the stopwatch keeps on the device. */
  [Symbol.dispose](): void {
    this.#result.destroy();
    this.#stamps?.set.destroy();
    this.#stamps?.buffer.destroy();
  }

  /** Milliseconds of a submit. */
  async #submit(work: Work, repeats: number): Promise<number> {
    const run: Work = (commands) => {
      for (let i = 0; i < repeats; i++) {
        work(commands);
        // Each repetition copies what it reads, as one alone does.
        commands.end();
      }
    };
    if (this.#stamps) {
      const [start, end] = await this.#stamp(run);
      return Number(end - start) * this.#nanoseconds / 1e6;
    }
    return Math.max(0, await this.#wait(run) - this.#empty);
  }

  /** The device's clock before and after work. */
  async #stamp(work: Work): Promise<[bigint, bigint]> {
    const { set: querySet, buffer } = this.#stamps!;
    const commands = new CommandList(this.#gpu.device);
    commands.end().beginComputePass({
      timestampWrites: { querySet, beginningOfPassWriteIndex: 0 },
    }).end();
    work(commands);
    const encoder = commands.end();
    encoder.beginComputePass({ timestampWrites: { querySet, endOfPassWriteIndex: 1 } }).end();
    encoder.resolveQuerySet(querySet, 0, 2, buffer, 0);
    const bytes = await this.#gpu.readBack(encoder, buffer, 2 * BYTES_A_STAMP);
    const [start, end] = new BigUint64Array(bytes);
    return [start!, end!];
  }

  /** Milliseconds until the result of a submit is there. */
  async #wait(work: Work): Promise<number> {
    const commands = new CommandList(this.#gpu.device);
    work(commands);
    const encoder = commands.end();
    const start = performance.now();
    await this.#gpu.readBack(encoder, this.#result, 4);
    return performance.now() - start;
  }

  /** Finds what a count of the device's clock is: not all drivers count nanoseconds. */
  async #calibrate(): Promise<void> {
    const nothing = () => {};
    if (this.#stamps) {
      await this.#stamp(nothing);
      const start = performance.now();
      const [before] = await this.#stamp(nothing);
      await new Promise((resolve) => setTimeout(resolve, CALIBRATION));
      const middle = performance.now();
      const [after] = await this.#stamp(nothing);
      const nanoseconds = (middle - start) * 1e6 / Number(after - before);
      if (Number.isFinite(nanoseconds) && nanoseconds > 0) {
        this.#nanoseconds = Math.abs(nanoseconds - 1) < TOLERANCE ? 1 : nanoseconds;
        return;
      }
      // The clock stands still.
      this.#stamps = undefined;
    }
    await this.#wait(nothing);
    this.#empty = Infinity;
    for (let round = 0; round < this.#rounds; round++) {
      this.#empty = Math.min(this.#empty, await this.#wait(nothing));
    }
  }
}
