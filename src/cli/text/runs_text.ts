import { align } from "../../text/align.ts";
import { percent } from "../../text/quantities.ts";
import { wordOf } from "../options/option.ts";
import { OPTIONS, type TrainOptions } from "../options/options.ts";
import type { CollectedRun } from "../run/collect_runs.ts";

/** Runs beside each other. */
export interface RunsTable {
  /** What the columns hold. */
  readonly head: readonly string[];
  /** The cells of each run, as people read them. */
  readonly rows: readonly (readonly string[])[];
  /** How many columns, from the first on, are options. */
  readonly options: number;
}

/**
 * Puts runs beside each other: the options in which they differ, and what they gave.
 *
 * @param runs The runs.
 * @returns The table.
 */
export function runsTable(runs: readonly CollectedRun[]): RunsTable {
  const fields = differing(runs);
  const rows = runs.map(({ folder, options, epochs, best }) => [
    ...fields.map((field) => valueText(options[field])),
    `${epochs.at(-1)?.epoch ?? 0}/${options.epochs}`,
    ...best
      ? [String(best.epoch), percent(best.testAccuracy), best.testLoss.toPrecision(4)]
      : ["", "", ""],
    epochs.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(1),
    folder,
  ]);
  const names = fields.map((field) => wordOf(OPTIONS, field).replace(/^-+/, ""));
  const results = ["epochs", "best", "test accuracy", "test loss", "seconds", "folder"];
  return { head: [...names, ...results], rows, options: fields.length };
}

/**
 * Writes a table as lines for people.
 *
 * @param table The table.
 * @returns Lines of text.
 */
export function runsText({ head, rows }: RunsTable): string {
  return align([head, ...rows], [head.length - 1]).join("\n");
}

/**
 * Writes runs as comma-separated values (RFC 4180), accuracies from 0 to 1.
 *
 * @param runs The runs.
 * @returns The text of a file.
 */
export function runsCsv(runs: readonly CollectedRun[]): string {
  const values = runsValues(runs);
  const names = ["folder", "epochs", "epoch", "testAccuracy", "testLoss", "seconds"];
  const fields = differing(runs);
  const lines = [
    [...fields, ...names],
    ...values.map((run) => [
      ...fields.map((field) => valueText(run.options[field])),
      ...names.map((name) => String(run[name as keyof typeof run] ?? "")),
    ]),
  ];
  const quoted = (cell: string) => /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return lines.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

/**
 * What runs gave, as other programs read it.
 *
 * @param runs The runs.
 * @returns An object for each, with the options in which they differ.
 */
export function runsValues(runs: readonly CollectedRun[]): {
  readonly folder: string;
  readonly options: Partial<TrainOptions>;
  readonly epochs: number;
  readonly epoch: number | null;
  readonly testAccuracy: number | null;
  readonly testLoss: number | null;
  readonly seconds: number;
}[] {
  const fields = differing(runs);
  return runs.map(({ folder, options, epochs, best }) => ({
    folder,
    options: Object.fromEntries(fields.map((field) => [field, options[field]])),
    epochs: epochs.at(-1)?.epoch ?? 0,
    epoch: best?.epoch ?? null,
    testAccuracy: best?.testAccuracy ?? null,
    testLoss: best?.testLoss ?? null,
    seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
  }));
}

/** The options in which runs differ, of those that results depend on. */
function differing(runs: readonly CollectedRun[]): (keyof TrainOptions)[] {
  return OPTIONS.filter(({ field, inFolder }) => {
    if (inFolder === "never") return false;
    return new Set(runs.map(({ options }) => JSON.stringify(options[field]))).size > 1;
  }).map(({ field }) => field);
}

function valueText(value: TrainOptions[keyof TrainOptions]): string {
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(" ") || "none" : String(value);
}
