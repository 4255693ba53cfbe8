/** Comparisons as a table: on a terminal, or as a result of `bench/results/`. */

import { cpus } from "node:os";
import type { Result } from "../report/result.ts";

/** What the rounds of an item gave. */
export interface Comparison {
  /** The item. */
  readonly name: string;
  /** Who is compared with. */
  readonly peer: string;
  /** Milliseconds of each round: the median of a process's. */
  readonly galvani: readonly number[];
  /** The same of the other. */
  readonly other: readonly number[];
  /** Peaks of memory in megabytes, NaN where the system doesn't say: Galvani's and the other's. */
  readonly memory: readonly [number, number];
  /** Galvani's adapter. */
  readonly adapter: string;
}

/** The columns: the first two are text, the others numbers. */
const COLUMNS = [
  "item",
  "compared with",
  "Galvani ms",
  "other ms",
  "ratio: min",
  "median",
  "max",
  "Galvani MB",
  "other MB",
];
const alignOf = (column: number) => column < 2 ? "left" : "right";

/** The middle of values, the mean of two if their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The cells of a comparison. */
function cellsOf({ name, peer, galvani, other, memory }: Comparison): string[] {
  const ratios = other.map((ms, i) => ms / galvani[i]!);
  return [
    name,
    peer,
    median(galvani).toFixed(2),
    median(other).toFixed(2),
    ...[Math.min(...ratios), median(ratios), Math.max(...ratios)].map((x) => x.toFixed(2)),
    ...memory.map((mb) => Number.isNaN(mb) ? "unknown" : mb.toFixed(0)),
  ];
}

/**
 * The comparisons as columns of text.
 *
 * @param comparisons The comparisons.
 * @returns The lines.
 */
export function textTable(comparisons: readonly Comparison[]): string {
  const rows = [COLUMNS, ...comparisons.map(cellsOf)];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row.map((cell, i) =>
      alignOf(i) === "left" ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)
    ).join("  ").trimEnd()
  ).join("\n");
}

/**
 * Writes comparisons as a result. Rows of an earlier one stay where they are other items, or beside others.
 *
 * @param path The file.
 * @param comparisons The comparisons.
 * @param command What was called.
 * @throws {TypeError} If the file has a result of another adapter, or with other columns.
 */
export async function writeComparisons(
  path: string,
  comparisons: readonly Comparison[],
  command: string,
): Promise<void> {
  const adapter = comparisons[0]?.adapter;
  if (adapter === undefined) throw new TypeError("Cannot write a result as nothing was compared");
  const earlier = await readEarlier(path);
  const names = earlier?.columns.map(({ name }) => name) ?? COLUMNS;
  if (names.join() !== COLUMNS.join() || (earlier?.adapter ?? adapter) !== adapter) {
    throw new TypeError(
      `Cannot write to "${path}" as it is of ${earlier?.adapter} with the columns ${
        names.join(", ")
      }: ` +
        `these figures are of ${adapter} with ${COLUMNS.join(", ")}`,
    );
  }
  const rows = new Map((earlier?.rows ?? []).map((row) => [`${row[0]} ${row[1]}`, row]));
  for (const cells of comparisons.map(cellsOf)) rows.set(`${cells[0]} ${cells[1]}`, cells);
  const { model } = cpus()[0] ?? { model: "unknown" };
  const result: Result = {
    title: earlier?.title ?? `Beside others, ${adapter}`,
    adapter,
    machine: earlier?.machine ?? `${model}, ${cpus().length} cores`,
    date: new Date().toISOString().slice(0, 10),
    command,
    columns: COLUMNS.map((name, i) => ({ name, align: alignOf(i) })),
    rows: [...rows.values()],
  };
  await Deno.writeTextFile(path, `${JSON.stringify(result, null, 2)}\n`);
}

/** The result that a file has, if there is one. */
async function readEarlier(path: string): Promise<Result | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
