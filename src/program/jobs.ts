/**
 * How the device is kept busy. It does the jobs in order, and is given the next ones before what the
 * first gave is read: reading takes tens of milliseconds, and in Deno holds the thread until the
 * device has done all that it was given.
 *
 * @module
 */

import type { Reading } from "../gpu/reading.ts";

/** Work for the device, made ready. */
export interface Job<T> {
  /** How many training or test steps it is. */
  readonly steps: number;
  /** Gives it to the device. */
  submit(): Reading<T>;
  /** Takes what it gave: called in the order of the jobs, and awaited. */
  take(result: T): void | Promise<void>;
}

/** A reading should have this much to do for the device, in milliseconds, so that it costs little. */
const CHUNK_MILLISECONDS = 400;
/** What the device is given at once should take at least so long: else readings take most of the time. */
const AHEAD_MILLISECONDS = 100;
/** Steps of the first job: the device should not wait long for it. */
const FIRST_STEPS = 16;

/** Runs jobs, and finds out how many steps a job should have. */
export class JobRunner {
  #chunk = 8;
  #stepMilliseconds = Infinity;
  /** Steps that were given to the device, and whose results weren't taken yet. */
  #given = 0;

  /** How many steps the next job should have at most, so that it is ready before the device is. */
  get chunk(): number {
    return Math.min(this.#chunk, Math.max(FIRST_STEPS, 2 * this.#given));
  }

  /**
   * Runs jobs.
   *
   * @param jobs The jobs; the next one is made ready while the device does those before.
   */
  async run<T>(jobs: Iterator<Job<T>, void>): Promise<void> {
    const next = () => jobs.next().value ?? undefined;
    let running: { job: Job<T>; read: Reading<T> }[] = [];
    let given = 0;
    const give = (steps: number) => {
      given += steps;
      this.#given += steps;
    };
    const submit = (job: Job<T>) => {
      running.push({ job, read: job.submit() });
      give(job.steps);
    };
    let last = performance.now();
    try {
      let ready = next();
      while (ready || running.length > 0) {
        while (ready && (running.length === 0 || this.#timeOf(running) < AHEAD_MILLISECONDS)) {
          submit(ready);
          ready = next();
        }
        const done = running;
        const results = done.map(({ read }) => read());
        for (const result of results) result.catch(() => {});
        running = [];
        // The device has nothing to do now.
        if (ready) submit(ready);
        for (const [i, { job }] of done.entries()) {
          await job.take(await results[i]!);
          give(-job.steps);
        }
        last = this.#adapt(done.map(({ job }) => job.steps), last);
        ready = ready && next();
      }
    } finally {
      give(-given);
      jobs.return?.();
      for (const { read } of running) read().catch(() => {});
    }
  }

  #timeOf(running: readonly { job: Job<unknown> }[]): number {
    const steps = running.reduce((sum, { job }) => sum + job.steps, 0);
    return steps === 0 ? 0 : steps * this.#stepMilliseconds;
  }

  /** Learns from the time that steps took. */
  #adapt(steps: readonly number[], last: number): number {
    const now = performance.now();
    const sum = steps.reduce((sum, own) => sum + own, 0);
    if (sum === 0) return now;
    this.#stepMilliseconds = (now - last) / sum;
    const ideal = CHUNK_MILLISECONDS / this.#stepMilliseconds;
    this.#chunk = Math.max(1, Math.round(Math.min(ideal, 2 * Math.max(...steps))));
    return now;
  }
}
