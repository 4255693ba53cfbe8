import manifest from "../../../deno.json" with { type: "json" };
import { commandHelp } from "./help.ts";
import type { Option } from "./option.ts";
import { parseArguments } from "./parse.ts";
import { standardOutput } from "../text/terminal.ts";

/** What a command takes: parsing, its help and the tables of the README follow from it. */
export interface Command<O> {
  /** Its name. */
  readonly name: string;
  /** What it does, for the list of commands. */
  readonly summary: string;
  /** More of that, for its own help. */
  readonly description: string;
  /** Its arguments that are no options, all of them needed. */
  readonly positionals: readonly Positional<O>[];
  /** Its options. */
  readonly options: readonly Option<O>[];
  /** Arguments of calls that show what it can do. */
  readonly examples: readonly string[];
  /**
   * Whether the work checks options against each other, as some of them are in a file.
   *
   * @param options The options.
   * @returns Whether.
   */
  readonly checksLater?: (options: O) => boolean;
}

/** An argument that is no option. */
export interface Positional<O> {
  /** The field of the options. */
  readonly field: keyof O & string;
  /** What stands for it in the help. */
  readonly name: string;
  /** What it is. */
  readonly help: string;
}

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
 * @param work What it does with its options and with the names of those that were given; it gives an exit
 * code, or nothing if all went well.
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
