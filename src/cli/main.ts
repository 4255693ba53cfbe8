import manifest from "../../deno.json" with { type: "json" };
import { bench } from "./bench.ts";
import { benchHelp, parseBenchOptions } from "./bench/options.ts";
import { trainHelp } from "./help.ts";
import { parseTrainOptions } from "./parse.ts";
import { train } from "./train.ts";
import { UsageError } from "./usage_error.ts";

const USAGE = `Galvani ${manifest.version}: spiking neural networks on WebGPU

Usage: deno run -A cli.ts COMMAND [OPTIONS]

Commands:
  train   Train a network on MNIST, of spiking neurons or without
  bench   Measure the adapter

Options:
  -h, --help     Show this help; after a command, that command's
      --version  Show the version`;

/**
 * Runs the command line.
 *
 * Results go to standard output, progress, warnings and errors to standard error.
 *
 * @param args The arguments: a command and its options.
 * @returns The exit code: 0 if all went well, 1 if the work failed, 2 if the arguments are wrong.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  try {
    if (command === "--version") return print(manifest.version);
    if (command === "--help" || command === "-h") return print(USAGE);
    if (command === "bench") {
      const options = parseBenchOptions(rest);
      if (options === "help") return print(benchHelp());
      if (options === "version") return print(manifest.version);
      await bench(options);
      return 0;
    }
    if (command !== "train") {
      throw new UsageError(
        command === undefined
          ? "a command is missing: train or bench"
          : `unknown command "${command}": the commands are train and bench`,
      );
    }
    const options = parseTrainOptions(rest);
    if (options === "help") return print(trainHelp());
    if (options === "version") return print(manifest.version);
    await train(options);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`error: ${error.message} (see --help)`);
      return 2;
    }
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

function print(text: string): number {
  console.log(text);
  return 0;
}
