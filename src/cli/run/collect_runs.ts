import { basename, join } from "node:path";
import { checkSavedOptions } from "../options/saved_options.ts";
import type { TrainOptions } from "../options/options.ts";
import { readIfThere } from "./files.ts";
import { RUN_FILES } from "./run_file_names.ts";
import { type EpochMetrics, readMetrics } from "./run_metrics.ts";

/** A run and what it gave so far. */
export interface CollectedRun {
  /** Its folder. */
  readonly folder: string;
  /** Its options. */
  readonly options: TrainOptions;
  /** What each finished epoch gave. */
  readonly epochs: readonly EpochMetrics[];
  /** The epoch of the highest test accuracy; nothing if none is finished. */
  readonly best: EpochMetrics | undefined;
}

/**
 * Reads the runs in some folders.
 *
 * @param folders Folders of runs, or with runs somewhere below them.
 * @returns The runs, the best first; those without a finished epoch last.
 * @throws {Error} If a folder can't be read.
 * @throws {SyntaxError} If a run's files are damaged; the message names the file.
 */
export async function collectRuns(folders: readonly string[]): Promise<CollectedRun[]> {
  const runs = new Map<string, CollectedRun>();
  for (const folder of folders) {
    for (const run of await runsBelow(folder)) {
      // Whoever names a folder twice means it once.
      runs.set(join(run.folder, "."), run);
    }
  }
  return [...runs.values()].sort(compare);
}

/** The better one first. */
function compare(one: CollectedRun, other: CollectedRun): number {
  const accuracy = ({ best }: CollectedRun) => best?.testAccuracy ?? -1;
  const loss = ({ best }: CollectedRun) => best?.testLoss ?? Infinity;
  return accuracy(other) - accuracy(one) || loss(one) - loss(other) ||
    basename(one.folder).localeCompare(basename(other.folder), "en", { numeric: true });
}

async function runsBelow(folder: string): Promise<CollectedRun[]> {
  const path = join(folder, RUN_FILES.options);
  const bytes = await readIfThere(path);
  if (bytes) return [await readRun(folder, path, bytes)];
  const runs: CollectedRun[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) runs.push(...await runsBelow(join(folder, name)));
    }
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory)) {
      throw cause;
    }
    throw new Error(`Cannot collect the runs of "${folder}": there is no such folder`, { cause });
  }
  return runs;
}

async function readRun(folder: string, path: string, bytes: Uint8Array): Promise<CollectedRun> {
  let saved: unknown;
  try {
    saved = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new SyntaxError(`Cannot use the options in "${path}": ${(cause as Error).message}`, {
      cause,
    });
  }
  const options = checkSavedOptions(Object(saved), path);
  const epochs = await readMetrics(folder);
  const best = epochs.reduce<EpochMetrics | undefined>(
    (best, epoch) => best && best.testAccuracy >= epoch.testAccuracy ? best : epoch,
    undefined,
  );
  return { folder, options, epochs, best };
}
