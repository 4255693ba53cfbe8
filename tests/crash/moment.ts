import { assert } from "@std/assert";
import { CliProcess } from "../support/cli_process.ts";
import { delay } from "../support/delay.ts";

/** When to kill: so many milliseconds after a line of the output, or when a file is begun. */
export type Moment =
  | { readonly line?: RegExp; readonly times?: number; readonly wait: number }
  | { readonly file: string; readonly times?: number };

/** How often a moment is waited for: a busy machine may report it when the process has ended. */
const ATTEMPTS = 3;

/** Runs the command line and kills it at a moment, which has to come before its end. */
export async function killAt(
  moment: Moment,
  args: readonly string[],
  logs: string,
): Promise<void> {
  for (let attempt = 1;; attempt++) {
    using files = Deno.watchFs(logs);
    await using process = new CliProcess(args);
    await reach(process, moment, files);
    process.kill("SIGKILL");
    const { signal, stdout, stderr } = await process.outcome();
    if (signal === "SIGKILL") return;
    const what = JSON.stringify(moment);
    assert(attempt < ATTEMPTS, `${what} came too late ${ATTEMPTS} times\n${stdout}${stderr}`);
  }
}

/** Waits for a moment of a process; for its end if that comes first. */
async function reach(process: CliProcess, moment: Moment, files: Deno.FsWatcher): Promise<void> {
  if ("file" in moment) {
    const events = files[Symbol.asyncIterator]();
    let left = moment.times ?? 1;
    const ended = process.outcome().then(() => ({ done: true as const, value: undefined }));
    while (left > 0) {
      const { done, value } = await Promise.race([events.next(), ended]);
      if (done) return;
      const begun = value.paths.some((path) =>
        path.includes(`/.${moment.file}`) && path.endsWith(".partial")
      );
      if (value.kind === "create" && begun) left--;
    }
    return;
  }
  const { line, times = 1, wait } = moment;
  if (line) await process.seen(line, times);
  await delay(wait);
}
