/** Where a command's results go. */
export interface Terminal {
  /** Columns of a line; as many as it takes where it is no terminal. */
  readonly columns: number;
  /** Whether it shows colours. */
  readonly colors: boolean;
}

/** Colours and weights, as ANSI codes that begin and end them. */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const;

/** Where progress goes. */
export interface ProgressTerminal extends Pick<Terminal, "columns"> {
  /** Whether a line can be written anew. */
  readonly rewrites: boolean;
}

/**
 * What standard output is.
 *
 * @returns The terminal, without colours where `NO_COLOR` is set.
 */
export function standardOutput(): Terminal {
  if (!Deno.stdout.isTerminal()) return { columns: Infinity, colors: false };
  return { columns: columns(), colors: !Deno.noColor && !isDumb() };
}

/**
 * What standard error is.
 *
 * @returns The terminal.
 */
export function standardError(): ProgressTerminal {
  if (!Deno.stderr.isTerminal()) return { columns: Infinity, rewrites: false };
  return { columns: columns(), rewrites: !isDumb() };
}

/** Whether the terminal shows escape codes as they are; without the permission to know, it doesn't. */
function isDumb(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "TERM" });
  return state === "granted" && Deno.env.get("TERM") === "dumb";
}

/**
 * Paints a text where there are colours.
 *
 * @param terminal Where the text goes.
 * @param style How.
 * @param text The text.
 * @returns The text with its codes.
 */
export function paint(
  { colors }: Pick<Terminal, "colors">,
  style: keyof typeof STYLES,
  text: string,
): string {
  const [begin, end] = STYLES[style];
  return colors ? `\x1b[${begin}m${text}\x1b[${end}m` : text;
}

/** The terminal's width; some have none. */
function columns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
