/**
 * Breaks a text into lines between words.
 *
 * @param text The text.
 * @param columns Columns of a line; a longer word has a line of its own.
 * @returns The lines.
 */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
