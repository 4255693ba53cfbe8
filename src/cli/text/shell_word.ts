/** What shells take as it is; a backslash is no escape for those of Windows. */
const PLAIN = { windows: /^[\w.:/\\-]+$/, other: /^[\w./:@%+,-]+$/ };

/**
 * A text as a shell takes it for one word.
 *
 * On Windows it is in double quotes, which cmd.exe and PowerShell both take; names of files have none.
 * (Of what is within them, cmd.exe still reads `%NAME%`, and PowerShell `$NAME`.)
 *
 * @param text The text.
 * @param os The system whose shell it is.
 * @returns The text, in quotes where it needs them.
 */
export function shellWord(text: string, os: typeof Deno.build.os = Deno.build.os): string {
  if (os === "windows") return PLAIN.windows.test(text) ? text : `"${text}"`;
  return PLAIN.other.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
