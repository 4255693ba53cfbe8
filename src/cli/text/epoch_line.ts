import { duration, percent } from "../../text/quantities.ts";
import type { EpochReport } from "../../training/trainer_options.ts";
import { paint, type Terminal } from "./terminal.ts";

/** What a line about an epoch says besides its report. */
export interface EpochLineOptions {
  /** How many epochs there will be. */
  readonly epochs: number;
  /** How long the others will take, in seconds. */
  readonly secondsLeft: number;
  /** Whether it is the best so far. */
  readonly isBest: boolean;
}

/**
 * Writes what an epoch gave.
 *
 * @param report The epoch's report.
 * @param options What else the line says.
 * @param terminal Where the text goes.
 * @returns The line.
 */
export function epochLine(
  report: EpochReport,
  { epochs, secondsLeft, isBest }: EpochLineOptions,
  terminal: Terminal,
): string {
  const tested = `accuracy ${percent(report.testAccuracy)}`;
  return `${paint(terminal, "bold", `Epoch ${report.epoch}/${epochs}`)}: ` +
    `train loss ${report.trainLoss.toFixed(5)}, accuracy ${percent(report.trainAccuracy)}; ` +
    `test loss ${report.testLoss.toFixed(5)}, ` +
    `${isBest ? paint(terminal, "green", tested) : tested}; ` +
    `${Math.round(report.imagesPerSecond)} images/s, ${duration(secondsLeft)} left`;
}
