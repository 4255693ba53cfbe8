import { join } from "node:path";
import type { EpochReport } from "../../training/trainer_options.ts";
import { readIfThere } from "./files.ts";
import { RUN_FILES } from "./run_names.ts";

/** A line of `metrics.jsonl`. */
export type EpochMetrics =
  & Pick<EpochReport, "epoch" | "trainLoss" | "trainAccuracy" | "seconds">
  & Pick<EpochReport, "testLoss" | "testAccuracy">;

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
