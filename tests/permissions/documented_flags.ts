/** The table of flags in the docs of the command line. */

/** A flag of `deno run`, such as `--allow-read`, and what it is for; nothing where it is for all. */
export interface Flag {
  readonly name: string;
  readonly values: readonly string[];
}

/** The flags of each row of the table in the section "Permissions". */
export function documentedFlags(page: string): Map<string, Flag[]> {
  const section = page.split(/^## /m).find((section) => section.startsWith("Permissions\n")) ??
    "";
  const rows = [...section.matchAll(/^\| (.*?) +\| (.*?) +\|$/gm)].slice(2);
  return new Map(rows.map(([, command, flags]) => [
    command!.replaceAll("`", ""),
    [...flags!.replaceAll("`", "").matchAll(/(--allow-[a-z]+)(?:=(\S+))?/g)].map((
      [, name, values],
    ) => ({ name: name!, values: values?.split(",") ?? [] })),
  ]));
}

/** The flags with paths in the place of their names. */
export function filledIn(
  flags: readonly Flag[],
  paths: Readonly<Record<string, string>>,
): string[] {
  return flags.map(({ name, values }) =>
    values.length === 0 ? name : `${name}=${values.map((value) => paths[value] ?? value).join(",")}`
  );
}

/** All ways to leave out one flag or one of its values. */
export function* weakened(flags: readonly Flag[]): Generator<Flag[]> {
  for (const [i, flag] of flags.entries()) {
    const others = (left: Flag[]) => flags.toSpliced(i, 1, ...left);
    if (flag.values.length < 2) yield others([]);
    else {
      for (const value of flag.values) {
        yield others([{ ...flag, values: flag.values.filter((other) => other !== value) }]);
      }
    }
  }
}
