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

/**
 * What standard output is.
 *
 * @returns The terminal, without colours where `NO_COLOR` is set or it knows none.
 */
export function standardOutput(): Terminal {
  if (!Deno.stdout.isTerminal()) return { columns: Infinity, colors: false };
  return { columns: terminalColumns(), colors: !Deno.noColor && !isDumb() };
}

/**
 * Whether a line of standard error can be rewritten.
 *
 * @returns Whether it is a terminal that knows how.
 */
export function canRewrite(): boolean {
  return Deno.stderr.isTerminal() && !isDumb();
}

/**
 * The terminal's width.
 *
 * @returns The columns; 80 where it has none.
 */
export function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/** Whether the terminal takes escape codes for text, as far as the program may know. */
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
