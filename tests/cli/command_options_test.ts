/** What the commands besides train and bench take. */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CLASSIFY } from "../../src/cli/commands/classify.ts";
import { COLLECT } from "../../src/cli/commands/collect.ts";
import { type Command, placeOf } from "../../src/cli/options/command.ts";
import { EVALUATE } from "../../src/cli/commands/evaluate.ts";
import { EXPORT } from "../../src/cli/commands/export.ts";
import { commandHelp } from "../../src/cli/options/help.ts";
import { IMPORT } from "../../src/cli/commands/import.ts";
import { INFO } from "../../src/cli/commands/info.ts";
import { main } from "../../src/cli/main.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";
import { PLOT } from "../../src/cli/commands/plot.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { captured } from "../support/captured.ts";

/** A command's arguments and the options that they mean. */
function accepts<O extends object>(command: Command<O>, args: string, options: O): void {
  Deno.test(`${command.name} ${args} is accepted`, () => {
    const parsed = parseArguments(command, args === "" ? [] : args.split(" "));
    assert(typeof parsed === "object");
    assertEquals(parsed.options, options);
  });
}

accepts(EVALUATE, "a", { checkpoint: "a", device: "auto", energy: false });
accepts(EVALUATE, "--json e --device gpu 12 --gpu x --dataset-dir=d", {
  checkpoint: "12",
  device: "gpu",
  gpu: "x",
  datasetDir: "d",
  json: "e",
  energy: false,
});
accepts(EVALUATE, "a --energy --costs c", {
  checkpoint: "a",
  device: "auto",
  energy: true,
  costs: "c",
});
accepts(EVALUATE, "-- -a", { checkpoint: "-a", device: "auto", energy: false });
accepts(CLASSIFY, "a", { checkpoint: "a", device: "auto", index: 0, invert: false });
accepts(CLASSIFY, "a --index 7", { checkpoint: "a", device: "auto", index: 7, invert: false });
accepts(CLASSIFY, "--invert a --image b.png", {
  checkpoint: "a",
  device: "auto",
  index: 0,
  image: "b.png",
  invert: true,
});
accepts(COLLECT, "a", { folders: ["a"] });
accepts(COLLECT, "a --csv c b", { folders: ["a", "b"], csv: "c" });
accepts(PLOT, "logs/a --device software", { folder: "logs/a", device: "software" });
accepts(EXPORT, "a b", { checkpoint: "a", file: "b", dt: 1e-4, fires: "above" });
accepts(EXPORT, "a b.nir --dt 1e-3 --fires at", {
  checkpoint: "a",
  file: "b.nir",
  dt: 1e-3,
  fires: "at",
});
accepts(INFO, "", { device: "auto" });
accepts(INFO, "--json i", { device: "auto", json: "i" });

/** Arguments that a command refuses, and why. */
function refuses<O extends object>(command: Command<O>, args: string[], message: string): void {
  Deno.test(`${command.name} ${args.join(" ")} is refused`, () => {
    const error = assertThrows(() => parseArguments(command, args), UsageError);
    assertEquals(error.message, message);
  });
}

refuses(EVALUATE, [], "argument CHECKPOINT is missing");
refuses(EVALUATE, [""], "argument CHECKPOINT is missing");
refuses(EVALUATE, ["a", "--costs", "c"], "option --costs needs --energy");
refuses(EVALUATE, ["a", "b"], 'unexpected argument "b": evaluate takes CHECKPOINT only');
refuses(EVALUATE, ["a", "--jsn", "b"], "unknown option --jsn: did you mean --json?");
refuses(EVALUATE, ["a", "--json"], "option --json needs a value: a file");
refuses(EXPORT, ["a"], "argument FILE is missing");
refuses(EXPORT, ["a", "b", "c"], 'unexpected argument "c": export takes CHECKPOINT and FILE only');
refuses(
  EXPORT,
  ["a", "b.nir", "--dt", "0"],
  'option --dt must be a number greater than 0: given "0"',
);
refuses(INFO, ["a"], 'unexpected argument "a": info takes options only');
refuses(PLOT, [], "argument RUN_DIR is missing");
refuses(COLLECT, [], "argument LOG_DIR is missing");
refuses(
  CLASSIFY,
  ["a", "--index", "-1"],
  'option --index must be an integer from 0 to 2147483647: given "-1"',
);
refuses(CLASSIFY, ["a", "--index", "0", "--image", "b"], "option --index doesn't go with --image");
refuses(CLASSIFY, ["a", "--invert"], "option --invert needs --image");
refuses(
  CLASSIFY,
  ["a", "--invert", "true"],
  'unexpected argument "true": classify takes CHECKPOINT only',
);
refuses(
  CLASSIFY,
  ["a", "--dataset-dir", "d", "--image", "b"],
  "option --dataset-dir doesn't go with --image, which needs no data set",
);

/** Checks that a command's help is complete and that its examples are right. */
function helps<O extends object>(command: Command<O>): void {
  const { name, positionals, options, examples } = command;
  Deno.test(`the help of ${name} has all that it takes, and examples that parse`, async () => {
    const help = commandHelp(command);
    const call = ["deno run -A cli.ts", name, ...positionals.map(placeOf)].join(" ");
    assert(help.startsWith(`Usage: ${call} [OPTIONS]\n`), help);
    for (const line of help.split("\n")) assert(line.length <= 100, line);
    for (const option of options) assertStringIncludes(help, `--${option.names.at(-1)!} `);
    for (const { help: text, ...positional } of positionals) {
      assertStringIncludes(help.replace(/\s+/g, " "), ` ${placeOf(positional)} ${text} `);
    }
    assert(examples.length >= 2);
    for (const example of examples) {
      assertStringIncludes(`${help}\n`, `  deno run -A cli.ts ${`${name} ${example}`.trim()}\n`);
      parseArguments(command, example === "" ? [] : example.split(" "));
    }
    const { out, error } = await captured(async () => {
      assertEquals(await main([name, "--help"]), 0);
    });
    assertEquals([out, error], [`${help}\n`, ""]);
  });
}

helps(EVALUATE);
helps(CLASSIFY);
helps(PLOT);
helps(COLLECT);
helps(EXPORT);
helps(IMPORT);
helps(INFO);

const COMMANDS = [
  "train",
  "evaluate",
  "classify",
  "plot",
  "collect",
  "export",
  "import",
  "info",
  "bench",
];

Deno.test("the list of commands has each with what it does", async () => {
  const { out } = await captured(async () => assertEquals(await main(["--help"]), 0));
  const lines = out.split("Commands:\n")[1]!.split("\n\n")[0]!.split("\n");
  assertEquals(lines.map((line) => line.trim().split(/ +/)[0]), COMMANDS);
  for (const line of lines) assert(line.length <= 80, line);
});

const WRONG: [args: string[], message: string][] = [
  [
    [],
    "a command is missing: train, evaluate, classify, plot, collect, export, import, info or bench",
  ],
  [["trian"], 'unknown command "trian": did you mean train?'],
  [["frobnicate"], `unknown command "frobnicate": the commands are ${COMMANDS.join(", ")}`],
  [
    ["export", "a", "weights.npz"],
    'argument FILE must end in .safetensors or .nir: given "weights.npz"',
  ],
];
for (const [args, message] of WRONG) {
  Deno.test(`"${args.join(" ")}" exits with 2`, async () => {
    const { out, error } = await captured(async () => assertEquals(await main(args), 2));
    assertEquals([out, error], ["", `error: ${message} (see --help)\n`]);
  });
}

Deno.test("lines that point at a place in an option end the message", async () => {
  const { error } = await captured(async () => {
    assertEquals(await main(["train", "--network", "32C3-BN-MP-10"]), 2);
  });
  assertEquals(error.split("\n").slice(1), ["  32C3-BN-MP-10", "          ^^", ""]);
  assert(error.split("\n")[0]!.endsWith("AP2, 512, 256R, 32L, SF and 20LI (see --help)"), error);
});

Deno.test("the docs have the table of commands", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/cli.md", import.meta.url));
  const { out } = await captured(async () => assertEquals(await main(["--help"]), 0));
  for (const line of out.split("Commands:\n")[1]!.split("\n\n")[0]!.split("\n")) {
    const [, name, summary] = /^ +(\S+) +(.+)$/.exec(line)!;
    const row = page.split("\n").find((row) => new RegExp(`^\\| \`${name}[ \`]`).test(row));
    assertStringIncludes(row ?? "", ` ${summary} `);
  }
});
