/**
 * Aligns cells in columns of equal width.
 *
 * @param rows The cells of each row.
 * @param left The columns of text, which begin on the left; the others hold numbers.
 * @returns A line for each row.
 */
export function align(
  rows: readonly (readonly string[])[],
  left: readonly number[],
): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row.map((cell, i) => left.includes(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))
      .join("  ").trimEnd()
  );
}
