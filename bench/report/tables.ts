import type { Result } from "./result.ts";

/** A place for a table in a page: what lies between is made. */
const PLACE = /<!-- table (\w+) -->\n[\s\S]*?<!-- end -->/g;

/**
 * Puts tables in their places.
 *
 * @param page The text of a page, in Markdown.
 * @param results The results by their names.
 * @returns The page with the tables as they are now.
 * @throws {RangeError} If a place is for a table that isn't there, or a table has no place.
 */
export function withTables(page: string, results: ReadonlyMap<string, Result>): string {
  const left = new Set(results.keys());
  const filled = page.replace(PLACE, (_, name: string) => {
    const result = results.get(name);
    if (!result) throw new RangeError(`There is no result "${name}"`);
    left.delete(name);
    return `<!-- table ${name} -->\n\n${tableOf(result)}\n\n<!-- end -->`;
  });
  if (left.size > 0) throw new RangeError(`There is no place for ${[...left].join(", ")}`);
  return filled;
}

/**
 * A table as `deno fmt` leaves it.
 *
 * @param result What is in it.
 * @returns Its lines, in Markdown.
 */
export function tableOf({ columns, rows }: Result): string {
  const widths = columns.map(({ name, align }, i) =>
    Math.max(align === "right" ? 2 : 3, name.length, ...rows.map((row) => row[i]!.length))
  );
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cells = (row: readonly string[]) =>
    line(
      row.map((cell, i) =>
        columns[i]!.align === "right" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)
      ),
    );
  const rule = columns.map(({ align }, i) =>
    align === "right" ? `${"-".repeat(widths[i]! - 1)}:` : "-".repeat(widths[i]!)
  );
  return [cells(columns.map(({ name }) => name)), line(rule), ...rows.map(cells)].join("\n");
}
