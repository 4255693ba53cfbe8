import { join } from "node:path";
import { decodeEvents, encodeEvents, type SummaryEvent } from "../../formats/events.ts";
import { histogramOf } from "../../formats/histogram.ts";
import type { EpochReport } from "../../training/trainer_options.ts";
import { writeWhole } from "./files.ts";

/** A file with the events of an epoch. */
export interface EventFile {
  /** Its name. */
  readonly name: string;
  /** The epoch, from 1. */
  readonly epoch: number;
}

/** Event files are named after the time they were written and the epoch that they hold. */
const EVENT_FILE = /^events\.out\.tfevents\.\d+\.galvani\.(\d+)$/;
/** The accuracy of each batch. */
const BATCH_TAG = "train_batch_accuracy";

/**
 * Lists the event files of a run.
 *
 * @param folder The run's folder.
 * @returns The files.
 */
export async function eventFiles(folder: string): Promise<EventFile[]> {
  const files: EventFile[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const epoch = EVENT_FILE.exec(name)?.[1];
    if (epoch !== undefined) files.push({ name, epoch: Number(epoch) });
  }
  return files;
}

/**
 * Removes files of events, so that none is there twice.
 *
 * @param folder The run's folder.
 * @param isOld Which of them.
 */
export async function removeEvents(
  folder: string,
  isOld: (file: EventFile) => boolean,
): Promise<void> {
  for (const file of await eventFiles(folder)) {
    if (isOld(file)) await Deno.remove(join(folder, file.name));
  }
}

/**
 * Writes what TensorBoard shows of an epoch.
 *
 * @param folder The run's folder.
 * @param report What the epoch gave.
 * @param firstStep Its first step, counted over all epochs.
 * @param options The run's options, to be shown as text.
 */
export async function writeEvents(
  folder: string,
  report: EpochReport,
  firstStep: number,
  options?: Readonly<Record<string, unknown>>,
): Promise<void> {
  const time = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
  const name = `events.out.tfevents.${time}.galvani.${String(report.epoch).padStart(6, "0")}`;
  await writeWhole(join(folder, name), await encodeEvents(epochEvents(report, firstStep, options)));
}

/**
 * Finds out how many steps were before an epoch.
 *
 * @param folder The run's folder.
 * @param epoch The epoch, from 1.
 * @returns The steps; nothing if the epoch has no events.
 * @throws {FormatError} If the file is damaged.
 */
export async function stepsBefore(folder: string, epoch: number): Promise<number | undefined> {
  const file = (await eventFiles(folder)).find((file) => file.epoch === epoch);
  if (!file) return undefined;
  const path = join(folder, file.name);
  const events = await decodeEvents(await Deno.readFile(path), { name: path });
  return events.find(({ tag }) => tag === BATCH_TAG)?.step;
}

/** What TensorBoard shows of an epoch, its first step counted over all epochs. */
function epochEvents(
  report: EpochReport,
  firstStep: number,
  options: Readonly<Record<string, unknown>> | undefined,
): SummaryEvent[] {
  const { epoch, batchAccuracies, test } = report;
  const wallTime = Date.now() / 1000;
  const scalar = (tag: string, step: number, value: number): SummaryEvent => ({
    kind: "scalar",
    tag,
    step,
    wallTime,
    value,
  });
  const rows = Object.entries(options ?? {}).map(([name, value]) =>
    `| ${name} | ${JSON.stringify(value)} |\n`
  );
  return [
    ...options
      ? [{
        kind: "text" as const,
        tag: "options",
        step: 0,
        wallTime,
        text: `| option | value |\n| --- | --- |\n${rows.join("")}`,
      }]
      : [],
    ...Array.from(
      batchAccuracies,
      (accuracy, i) => scalar(BATCH_TAG, firstStep + i, accuracy),
    ),
    scalar("train_loss", epoch, report.trainLoss),
    scalar("train_acc", epoch, report.trainAccuracy),
    ...test
      ? [scalar("test_loss", epoch, test.loss), scalar("test_acc", epoch, test.accuracy)]
      : [],
    ...(test?.firing ?? []).map(({ layer, kind, rates }): SummaryEvent => ({
      kind: "histogram",
      tag: `firing_rate/${layer.replaceAll(".", "_")}_${kind}`,
      step: epoch,
      wallTime,
      histogram: histogramOf(rates),
    })),
  ];
}
