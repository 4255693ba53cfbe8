import manifest from "../../../deno.json" with { type: "json" };
import type { Command } from "./command.ts";
import { commandHelp } from "./help.ts";
import { parseArguments } from "./parse.ts";
import { standardOutput } from "../text/terminal.ts";

/** A command as the list of commands needs it. */
export interface Runnable {
  /** Its name. */
  readonly name: string;
  /** What it does. */
  readonly summary: string;
  /**
   * Runs it.
   *
   * @param args The arguments after its name.
   * @returns The exit code.
   */
  run(args: readonly string[]): Promise<number>;
}

/**
 * Ties a command to its work.
 *
 * @param command What the command takes.
 * @param work What it does with its options and with the names of those that were given; it may give
 * an exit code other than 0.
 * @returns The command, to be run with arguments.
 */
export function runnable<O extends object>(
  command: Command<O>,
  work: (options: O, given: ReadonlySet<keyof O>) => Promise<number | void>,
): Runnable {
  const { name, summary } = command;
  return {
    name,
    summary,
    async run(args) {
      const parsed = parseArguments(command, args);
      if (parsed === "help") console.log(commandHelp(command, standardOutput()));
      else if (parsed === "version") console.log(manifest.version);
      else return await work(parsed.options, parsed.given) ?? 0;
      return 0;
    },
  };
}
