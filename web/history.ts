import type { Axis, CurveData, CurvePoint } from "./curve.ts";
import type { Progress } from "./messages.ts";

/** The rate is that of so many of the last pictures. */
const RECENT = 30;

/** What a training has been so far. */
export class History {
  readonly #accuracy: CurvePoint[] = [];
  readonly #loss: CurvePoint[] = [];
  readonly #tested: CurvePoint[] = [];
  #recent: { digits: number; time: number }[] = [];

  /** Accuracies in percent. */
  get accuracy(): CurveData {
    return { line: this.#accuracy, dots: this.#tested };
  }

  /** Losses. */
  get loss(): CurveData {
    return { line: this.#loss, dots: [] };
  }

  /** The last accuracy with test digits, 0 to 1, if there is one. */
  get tested(): number | undefined {
    const last = this.#tested.at(-1);
    return last && last[1] / 100;
  }

  /** Digits a second, of late; nothing before it can be told. */
  get rate(): number | undefined {
    const [first, last] = [this.#recent[0], this.#recent.at(-1)];
    if (!first || !last || this.#recent.length < 3) return undefined;
    return (last.digits - first.digits) / (last.time - first.time) * 1000;
  }

  /**
   * Adds the last few steps.
   *
   * @param progress What they gave.
   */
  add({ epoch, step, steps, loss, accuracy, digits }: Progress): void {
    const epochs = epoch - 1 + step / steps;
    this.#accuracy.push([epochs, 100 * accuracy]);
    this.#loss.push([epochs, loss]);
    this.#recent = [...this.#recent.slice(1 - RECENT), { digits, time: performance.now() }];
  }

  /**
   * Adds a test.
   *
   * @param epoch After which epoch.
   * @param accuracy What it gave, 0 to 1.
   */
  addTest(epoch: number, accuracy: number): void {
    this.#tested.push([epoch, 100 * accuracy]);
  }

  /** The training rests, or has rested: that time doesn't count. */
  rest(): void {
    this.#recent = [];
  }
}

/**
 * The axis of accuracies: its upper half alone, unless that leaves out the newest.
 *
 * @param data Accuracies in percent.
 * @returns The axis.
 */
export function accuracyAxis({ line }: CurveData): Axis {
  const newest = line.slice(-10);
  const isLow = newest.some(([, value]) => value < 55);
  return {
    ticks: isLow ? [0, 20, 40, 60, 80, 100] : [50, 60, 70, 80, 90, 100],
    format: (value) => String(Math.round(10 * value) / 10),
  };
}

/**
 * The axis of losses, from 0.
 *
 * @param data Losses.
 * @returns The axis.
 */
export function lossAxis({ line }: CurveData): Axis {
  const largest = line.reduce((most, [, value]) => Math.max(most, value), 0.06);
  const step = largest <= 0.1 ? 0.02 : 0.05 * Math.ceil(largest / 0.25);
  const ticks = Array.from({ length: Math.ceil(largest / step - 1e-9) + 1 }, (_, i) => i * step);
  return { ticks, format: (value) => value === 0 ? "0" : value.toFixed(value < 0.01 ? 3 : 2) };
}
