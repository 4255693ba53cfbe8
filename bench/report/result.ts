/** What a bench gave: a file of `bench/results/`. */
export interface Result {
  /** What was measured. */
  readonly title: string;
  /** The adapter that it ran on. */
  readonly adapter: string;
  /** The processor, and how much of it. */
  readonly machine: string;
  /** When, as 2026-11-26. */
  readonly date: string;
  /** What was called. */
  readonly command: string;
  /** The columns of the table. */
  readonly columns: readonly Column[];
  /** Its cells, as they are written. */
  readonly rows: readonly (readonly string[])[];
}

/** A column of a table. */
export interface Column {
  /** Its heading. */
  readonly name: string;
  /** Where its cells stand. */
  readonly align: "left" | "right";
}

/**
 * Reads all results.
 *
 * @param folder Where they are.
 * @returns The results by the names of their files, in alphabetical order.
 * @throws {SyntaxError} If one is no result.
 */
export function readResults(folder: URL): Map<string, Result> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return new Map(names.map((name) => {
    const result: Result = JSON.parse(Deno.readTextFileSync(new URL(name, folder)));
    const texts = [result.title, result.adapter, result.machine, result.date, result.command];
    if (texts.some((text) => typeof text !== "string" || text === "")) {
      throw new SyntaxError(
        `"${name}" must have a title, an adapter, a machine, a date, a command`,
      );
    }
    if (result.rows.some(({ length }) => length !== result.columns.length)) {
      throw new SyntaxError(`"${name}" must have a cell for each column in each row`);
    }
    return [name.replace(/\.json$/, ""), result];
  }));
}

/**
 * The numbers of a column.
 *
 * @param result The result.
 * @param name The column's heading.
 * @returns A number for each row.
 * @throws {RangeError} If there is no such column.
 */
export function numbersOf({ columns, rows }: Result, name: string): number[] {
  const at = columns.findIndex((column) => column.name === name);
  if (at < 0) throw new RangeError(`There is no column "${name}"`);
  return rows.map((row) => Number(row[at]!.replaceAll(/[ ,]/g, "")));
}
