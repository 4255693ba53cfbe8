/** The commands of the docs are such that run. */

import { assert, assertEquals } from "@std/assert";
import { CLASSIFY } from "../../src/cli/commands/classify.ts";
import { COLLECT } from "../../src/cli/commands/collect.ts";
import { EVALUATE } from "../../src/cli/commands/evaluate.ts";
import { EXPORT } from "../../src/cli/commands/export.ts";
import { IMPORT } from "../../src/cli/commands/import.ts";
import { INFO } from "../../src/cli/commands/info.ts";
import { PLOT } from "../../src/cli/commands/plot.ts";
import { BENCH } from "../../src/cli/bench/options.ts";
import type { Command } from "../../src/cli/options/command.ts";
import { TRAIN } from "../../src/cli/options/options.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";
import manifest from "../../deno.json" with { type: "json" };
import { codeOf, PAGES, ROOT } from "./pages.ts";

/** Parses the arguments of a command. */
const parser = <O extends object>(command: Command<O>) => (args: string[]) =>
  void parseArguments(command, args);
const PARSERS: Readonly<Record<string, (args: string[]) => void>> = {
  train: parser(TRAIN),
  evaluate: parser(EVALUATE),
  classify: parser(CLASSIFY),
  plot: parser(PLOT),
  collect: parser(COLLECT),
  export: parser(EXPORT),
  import: parser(IMPORT),
  info: parser(INFO),
  bench: parser(BENCH),
};

/** A call of the command line, in a copy of the repository, from JSR, or installed. */
const CALL =
  /^(?:mpirun -n \d+ |srun (?:--\S+ )*)?(?:(?:npx -y deno@[\d.]+|deno) run -A (?:cli\.ts|jsr:@galvani\/snn\/cli)|galvani) (.+)$/;

/** The lines of all blocks of shell. */
const LINES = PAGES.flatMap((page) =>
  codeOf(page).filter(({ lang }) => lang === "sh").flatMap(({ text }) =>
    text.split("\n").map((line) => [page.path, line.replace(/ +#.*/, "")] as const)
  )
);

Deno.test("calls of the command line have options that it takes", () => {
  let count = 0;
  for (const [path, line] of LINES) {
    const [, words] = CALL.exec(line) ?? [];
    if (words === undefined || words.startsWith("--")) continue;
    const [name, ...args] = words.split(" ");
    const parse = PARSERS[name!];
    assert(parse, `${path}: ${line}`);
    try {
      parse(args);
    } catch (error) {
      throw new Error(`${path}: ${line}`, { cause: error });
    }
    count++;
  }
  assert(count > 15, `${count} calls`);
});

Deno.test("tasks, programs and folders of other commands are there", async () => {
  const missing: string[] = [];
  for (const [path, line] of LINES) {
    const [, task] = /\bdeno(?:@[\d.]+)? task (\S+)/.exec(line) ?? [];
    if (task !== undefined && !(task in manifest.tasks)) missing.push(`${path}: task ${task}`);
    for (const [file] of line.matchAll(/(?<=\s)(bench|docs|examples|release|src|tests)\/\S*/g)) {
      const found = await Deno.stat(new URL(file, ROOT)).then(() => true, () => false);
      if (!found) missing.push(`${path}: ${file}`);
    }
  }
  assertEquals(missing, []);
});
