import manifest from "../../deno.json" with { type: "json" };
import { bench } from "./commands/bench.ts";
import { BENCH } from "./bench/options.ts";
import { callHere } from "./text/command_line.ts";
import { COLLECT, collect } from "./commands/collect.ts";
import { CLASSIFY, classify } from "./commands/classify.ts";
import { EVALUATE, evaluate } from "./commands/evaluate.ts";
import { EXPORT, exportNetwork } from "./commands/export.ts";
import { IMPORT, importNetwork } from "./commands/import.ts";
import { INFO, info } from "./commands/info.ts";
import { nearest } from "./options/nearest.ts";
import { alternatives } from "./options/option_kind.ts";
import { TRAIN } from "./options/options.ts";
import { PLOT, plot } from "./commands/plot.ts";
import { type Runnable, runnable } from "./options/runnable.ts";
import { train } from "./commands/train.ts";
import { UsageError } from "./usage_error.ts";

/** All commands, in the order of the help. */
const COMMANDS: readonly Runnable[] = [
  runnable(TRAIN, train),
  runnable(EVALUATE, evaluate),
  runnable(CLASSIFY, classify),
  runnable(PLOT, plot),
  runnable(COLLECT, collect),
  runnable(EXPORT, exportNetwork),
  runnable(IMPORT, importNetwork),
  runnable(INFO, info),
  runnable(BENCH, async (options) => void await bench(options)),
];

const NAMES = COMMANDS.map(({ name }) => name);

/**
 * Runs the command line.
 *
 * Results go to standard output, progress, warnings and errors to standard error.
 *
 * @param args The arguments: a command and its options.
 * @returns The exit code: 0 if all went well, 1 if the work failed, 2 if the arguments are wrong,
 * 128 and its number if a signal ended the work.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === "--version") console.log(manifest.version);
    else if (name === "--help" || name === "-h") console.log(usage());
    else return await commandNamed(name).run(rest);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      // Lines that point at a place follow the first.
      console.error(`error: ${error.message.replace(/\n|$/, " (see --help)$&")}`);
      return 2;
    }
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

function commandNamed(name: string | undefined): Runnable {
  if (name === undefined) {
    throw new UsageError(`a command is missing: ${alternatives(NAMES)}`);
  }
  const command = COMMANDS.find((command) => command.name === name);
  if (command) return command;
  const meant = nearest(name, NAMES);
  throw new UsageError(
    `unknown command ${JSON.stringify(name)}: ` +
      (meant === undefined ? `the commands are ${NAMES.join(", ")}` : `did you mean ${meant}?`),
  );
}

function usage(): string {
  const width = Math.max(...NAMES.map(({ length }) => length));
  return `Galvani ${manifest.version}: spiking neural networks on WebGPU

Usage: ${callHere()} COMMAND [OPTIONS]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join("\n")}

Options:
  -h, --help     Show this help; after a command, that command's
      --version  Show the version`;
}
