import { ProgressBar } from "@std/cli/unstable-progress-bar";
import type { TrainingProgress } from "../../training/trainer_options.ts";
import { standardError } from "./terminal.ts";

/**
 * Shows how far an epoch is, on standard error: a bar in a terminal, else a line for each quarter.
 */
export class Progress {
  #bar: ProgressBar | undefined;
  #latest: TrainingProgress | undefined;
  #quarter = 0;
  readonly #batchSize: number;

  /**
   * Shows nothing yet.
   *
   * @param batchSize Images of a step.
   */
  constructor(batchSize: number) {
    this.#batchSize = batchSize;
  }

  /**
   * Shows a state.
   *
   * @param progress How far the epoch is.
   */
  show(progress: TrainingProgress): void {
    this.#latest = progress;
    const { columns, rewrites } = standardError();
    if (rewrites) {
      this.#bar ??= new ProgressBar({
        max: progress.steps,
        writable: writableStderr(),
        barLength: Math.max(4, Math.min(30, columns - TEXT_COLUMNS)),
        clear: true,
        keepOpen: true,
        // A line that wraps couldn't be rewritten.
        formatter: ({ progressBar }) =>
          `[${progressBar}] ${this.#describe(this.#latest!)}`.slice(0, standardError().columns - 1),
      });
      this.#bar.value = progress.step;
      return;
    }
    const quarter = Math.floor(4 * progress.step / progress.steps);
    if (quarter > this.#quarter && quarter < 4) {
      this.#quarter = quarter;
      console.error(this.#describe(progress));
    }
  }

  #describe({ epoch, step, steps, loss, accuracy, imagesPerSecond }: TrainingProgress): string {
    const secondsLeft = (steps - step) * this.#batchSize / imagesPerSecond;
    return `epoch ${epoch}: ${step}/${steps}, loss ${loss.toFixed(5)}, ` +
      `${(100 * accuracy).toFixed(1)} %, ${Math.round(imagesPerSecond)} images/s, ` +
      `${Math.ceil(secondsLeft)} s left`;
  }

  /** Removes the bar, so that other lines can follow. */
  async end(): Promise<void> {
    const bar = this.#bar;
    this.#bar = undefined;
    this.#quarter = 0;
    await bar?.stop();
  }
}

/** Columns of the line around the bar. */
const TEXT_COLUMNS = 72;

/** A stream to standard error that its user may lock and close. */
function writableStderr(): WritableStream<Uint8Array> {
  return new WritableStream({
    write(bytes) {
      try {
        Deno.stderr.writeSync(bytes);
      } catch {
        // A terminal that was closed is no reason to lose a training.
      }
    },
  });
}
