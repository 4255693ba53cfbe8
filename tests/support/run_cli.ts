import { main } from "../../cli.ts";
import { captured } from "./captured.ts";
import type { Outcome } from "./cli_process.ts";

/**
 * Runs the command line to its end in this process, which takes a quarter of a process of its own: a
 * short `train` 0.9 instead of 3.7 s of processor time.
 *
 * @param args The arguments.
 * @returns What a process would end with.
 */
export async function runCli(args: readonly string[]): Promise<Outcome> {
  let code = 0;
  const { out, error } = await captured(async () => code = await main(args));
  return { code, signal: null, stdout: out, stderr: error };
}
