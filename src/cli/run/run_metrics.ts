import { join } from "node:path";
import type { EpochReport } from "../../training/trainer_options.ts";
import { readIfThere } from "./files.ts";
import { RUN_FILES } from "./run_file_names.ts";

/** A line of `metrics.jsonl`. */
export type EpochMetrics =
  & Pick<EpochReport, "epoch" | "trainLoss" | "trainAccuracy" | "seconds">
  & Pick<EpochReport, "testLoss" | "testAccuracy">
  & {
    /** Its training steps; files of version 0.1 don't say. */
    readonly steps?: number;
  };

/**
 * What a run keeps of an epoch.
 *
 * @param report What the epoch gave.
 * @returns A line of `metrics.jsonl`.
 */
export function metricsOf(report: EpochReport): EpochMetrics {
  const { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds } = report;
  const steps = report.batchAccuracies.length;
  return { epoch, steps, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds };
}

/**
 * How many steps some epochs took.
 *
 * @param metrics Lines of the last of the finished epochs.
 * @param finished How many epochs are finished.
 * @param steps How many steps they took.
 * @returns The steps of those that have a line.
 */
export function stepsOf(
  metrics: readonly EpochMetrics[],
  finished: number,
  steps: number,
): number {
  const known = metrics.flatMap((line) => line.steps ?? []);
  const sum = known.reduce((a, b) => a + b, 0);
  // Those that don't say went through the same pictures.
  const each = (steps - sum) / (finished - known.length);
  return metrics.reduce((total, line) => total + (line.steps ?? Math.round(each)), 0);
}

/**
 * Reads the metrics of a run.
 *
 * @param folder The run's folder.
 * @returns What each finished epoch gave; none if there is no such file.
 * @throws {SyntaxError} If a line is no epoch's metrics; the message names the file and the line.
 */
export async function readMetrics(folder: string): Promise<EpochMetrics[]> {
  const path = join(folder, RUN_FILES.metrics);
  const bytes = await readIfThere(path);
  const lines = new TextDecoder().decode(bytes).split("\n").filter((line) => line !== "");
  // A run that went on from a checkpoint alone has no line of the epochs before.
  let next: number | undefined;
  return lines.map((line, i) => {
    try {
      const value = JSON.parse(line);
      next ??= Number.isSafeInteger(value.epoch) ? value.epoch as number : 1;
      if (value.epoch !== next) throw new SyntaxError(`it is no epoch ${next}`);
      next++;
      // NaN is null in JSON.
      return { ...value, testLoss: value.testLoss ?? NaN, testAccuracy: value.testAccuracy ?? NaN };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SyntaxError(`Cannot read line ${i + 1} of "${path}": ${reason}`, { cause });
    }
  });
}
