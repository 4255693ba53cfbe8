import { join } from "node:path";
import { encodeEvents, type SummaryEvent } from "../../formats/events.ts";
import { histogramOf } from "../../formats/histogram.ts";
import type { EpochReport } from "../../training/trainer_options.ts";
import { writeWhole } from "./files.ts";

/** A file with the events of an epoch, as TensorBoard reads them. */
export interface EventFile {
  /** Its name. */
  readonly name: string;
  /** The epoch. */
  readonly epoch: number;
}

/** Event files are named after the time they were written and the epoch that they hold. */
const EVENT_FILE = /^events\.out\.tfevents\.\d+\.galvani\.(\d+)$/;

/**
 * Lists the event files of a run.
 *
 * @param folder The run's folder.
 * @returns The files, in no order.
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
 * Removes event files, so that no event is there twice.
 *
 * @param folder The run's folder.
 * @param isOld Which are to go.
 */
export async function removeEvents(
  folder: string,
  isOld: (file: EventFile) => boolean,
): Promise<void> {
  for (const file of await eventFiles(folder)) {
    if (isOld(file)) await Deno.remove(join(folder, file.name));
  }
}

/** What goes with the events of an epoch. */
export interface EpochEventsOptions {
  /** The number of its first step, over all epochs. */
  readonly firstStep: number;
  /** The run's options. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Writes the events of an epoch, in the place of those of it and of later ones.
 *
 * @param folder The run's folder.
 * @param report What the epoch gave.
 * @param others What goes with it.
 */
export async function writeEvents(
  folder: string,
  report: EpochReport,
  { firstStep, options }: EpochEventsOptions,
): Promise<void> {
  const { epoch } = report;
  await removeEvents(folder, (file) => file.epoch >= epoch);
  const time = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
  const name = `events.out.tfevents.${time}.galvani.${String(epoch).padStart(6, "0")}`;
  const events = epochEvents(report, firstStep, epoch === 1 ? options : undefined);
  await writeWhole(join(folder, name), await encodeEvents(events));
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
      (accuracy, i) => scalar("train_batch_accuracy", firstStep + i, accuracy),
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
