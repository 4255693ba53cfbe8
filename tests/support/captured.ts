/** What a call writes to the console. */
export interface Captured {
  /** Standard output. */
  out: string;
  /** Standard error. */
  error: string;
}

/**
 * Runs a call and keeps what it writes to the console, as if both outputs went to files.
 *
 * @param work The call.
 * @returns What it wrote.
 */
export async function captured(work: () => Promise<unknown>): Promise<Captured> {
  const { log, error } = console;
  const lines = { out: "", error: "" };
  console.log = (text) => void (lines.out += `${text}\n`);
  console.error = (text) => void (lines.error += `${text}\n`);
  const streams = [Deno.stdout, Deno.stderr];
  for (const stream of streams) Object.defineProperty(stream, "isTerminal", NO_TERMINAL);
  try {
    await work();
  } finally {
    console.log = log;
    console.error = error;
    // The method of their class is found again.
    for (const stream of streams) Reflect.deleteProperty(stream, "isTerminal");
  }
  return lines;
}

const NO_TERMINAL = { value: () => false, configurable: true };
