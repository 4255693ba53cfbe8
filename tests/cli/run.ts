import { assertEquals } from "@std/assert";
import type { Captured } from "../support/captured.ts";
import { runCli } from "../support/run_cli.ts";

/** Runs a command that must end with an exit code. */
export async function run(code: number, ...args: string[]): Promise<Captured> {
  const { code: actual, stdout: out, stderr: error } = await runCli(args);
  assertEquals(actual, code, error);
  return { out, error };
}
