import { allNames } from "./option.ts";
import { OPTIONS, type TrainOptions } from "./options.ts";
import type { Parsed } from "./parse.ts";
import { checkSavedOptions, checkTogether } from "./saved_options.ts";
import { UsageError } from "../usage_error.ts";

/** What a training may go on with that isn't what it began with. */
const MAY_DIFFER: readonly (keyof TrainOptions)[] = [
  "epochs",
  "logDir",
  "device",
  "gpu",
  "checkpointEvery",
  "datasetDir",
  "download",
  "quiet",
  "resume",
  "distributed",
];

/**
 * The options of a training that goes on from a checkpoint: those of the checkpoint, but for what
 * was given again and may differ.
 *
 * With `--resume auto` all options count as given: that the checkpoint is in the run's folder says
 * that they are the same.
 *
 * @param parsed What the command line says.
 * @param saved The options in the checkpoint, as JSON.
 * @param path The checkpoint.
 * @returns The options.
 * @throws {UsageError} If an option was given that differs and mustn't, or doesn't go with those of
 * the checkpoint.
 * @throws {SyntaxError} If the checkpoint's options are damaged.
 */
export function resumeOptions(
  { options, given }: Parsed<TrainOptions>,
  saved: Readonly<Record<string, unknown>>,
  path: string,
): TrainOptions {
  const before = checkSavedOptions(saved, path);
  const isAuto = options.resume === "auto";
  for (const option of OPTIONS) {
    const { field } = option;
    if (MAY_DIFFER.includes(field) || !(isAuto || given.has(field))) continue;
    const [now, then] = [options[field], before[field]].map((value) => JSON.stringify(value));
    if (now !== then) {
      throw new UsageError(
        `option ${allNames(option)} can't change when a training goes on: ` +
          `${given.has(field) ? "given" : "its default is"} ${now ?? "none"}, ` +
          `"${path}" has ${then ?? "none"}`,
      );
    }
  }
  if (isAuto) return options;
  const again = MAY_DIFFER.filter((field) => given.has(field));
  return checkTogether(
    { ...before, ...Object.fromEntries(again.map((field) => [field, options[field]])) },
    (reason) => {
      throw new UsageError(reason);
    },
  );
}
