import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Outcome } from "../support/cli_process.ts";

/** Asserts that a process failed with one last line that has these parts, and no trace of a stack. */
export function assertError({ code, signal, stderr }: Outcome, ...parts: string[]): void {
  assertEquals([code, signal], [1, null], stderr);
  const lines = stderr.trimEnd().split("\n");
  const errors = lines.filter((line) => line.startsWith("error: "));
  assertEquals(errors, lines.slice(-1), stderr);
  for (const part of parts) assertStringIncludes(errors[0]!, part);
  assertEquals(lines.filter((line) => /^\s+at /.test(line)), [], stderr);
}
