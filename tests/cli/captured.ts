/** What a call writes to the console. */
export interface Captured {
  /** Standard output. */
  out: string;
  /** Standard error. */
  error: string;
}

/**
 * Runs a call and keeps what it writes to the console.
 *
 * @param work The call.
 * @returns What it wrote.
 */
export async function captured(work: () => Promise<unknown>): Promise<Captured> {
  const { log, error } = console;
  const lines = { out: "", error: "" };
  console.log = (text) => void (lines.out += `${text}\n`);
  console.error = (text) => void (lines.error += `${text}\n`);
  try {
    await work();
  } finally {
    console.log = log;
    console.error = error;
  }
  return lines;
}
