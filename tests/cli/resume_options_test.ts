import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { OPTIONS, TRAIN, type TrainOptions } from "../../src/cli/options/options.ts";
import { parseArguments, type Parsed } from "../../src/cli/options/parse.ts";
import { resumeOptions } from "../../src/cli/options/resume_options.ts";
import { checkSavedOptions } from "../../src/cli/options/saved_options.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

function parse(args: string): Parsed<TrainOptions> {
  const parsed = parseArguments(TRAIN, args === "" ? [] : args.split(" "));
  assert(typeof parsed === "object");
  return parsed;
}

/** Options as a checkpoint has them. */
function saved(args = ""): Record<string, unknown> {
  return JSON.parse(JSON.stringify(parse(args).options));
}

const resume = (args: string, before: string) =>
  resumeOptions(parse(`--resume run.st ${args}`.trim()), saved(before), "run.st");

const RUNS = [
  "",
  "--hidden 500,300 --dropout 0.2 --encoder direct -T 8",
  "--neuron none -N 3",
  "--neuron plif --soft-reset --no-decay-input --tau 3",
  "--surrogate leakyKRelu",
  "--surrogate logTailedRelu --alpha -.5",
  "--opt adamw --scheduler cosine -N 20 --warm-up 2 --checkpoint-every 7",
  "--dataset-dir x --gpu y --lr 1e-7",
  "--dataset fashion-mnist --download",
  "--network 32C3-BN-MP2-512-10 -T 4",
];
for (const args of RUNS) {
  Deno.test(`a run of "${args}" goes on with its own options`, () => {
    assertEquals(checkSavedOptions(saved(args), "run.st"), parse(args).options);
    assertEquals(resume("", args), { ...parse(args).options, resume: "run.st" });
  });
}

Deno.test("what may differ comes from the command line, all else from the checkpoint", () => {
  const before = "--tau 3 --scheduler cosine -N 20 --device software --log-dir a --dataset-dir b";
  const now = "-N 30 --device gpu --gpu nvidia --log-dir c --dataset-dir d --checkpoint-every 9 " +
    "--distributed";
  assertEquals(resume(now, before), {
    ...parse(before).options,
    epochs: 30,
    device: "gpu",
    gpu: "nvidia",
    logDir: "c",
    datasetDir: "d",
    checkpointEvery: 9,
    distributed: true,
    resume: "run.st",
  });
});

Deno.test("an option that is given again with its value is none that differs", () => {
  const before = "--scheduler step --gamma 0.5 --hidden 5,6 --soft-reset";
  const again = "--gamma .5 --hidden 5,6 --soft-reset -T 100";
  assertEquals(resume(again, before), { ...parse(before).options, resume: "run.st" });
});

const DIFFERENT: [args: string, before: string, message: string][] = [
  ["--tau 3", "", 'option --tau can\'t change when a training goes on: given 3, "run.st" has 2'],
  ["--hidden 5", "--hidden 6,7", 'given [5], "run.st" has [6,7]'],
  ["--dataset fashion-mnist", "", 'given "fashion-mnist", "run.st" has "mnist"'],
  ["--soft-reset", "", 'given true, "run.st" has false'],
  ["--opt sgd", "", 'given "sgd", "run.st" has "adam"'],
  ["--t-max 9", "", 'given 9, "run.st" has none'],
  ["--alpha 3", "--surrogate leakyKRelu", 'given 3, "run.st" has none'],
];
for (const [args, before, message] of DIFFERENT) {
  Deno.test(`a run of "${before}" can't go on with ${args}`, () => {
    const error = assertThrows(() => resume(args, before), UsageError);
    assertStringIncludes(error.message, message);
  });
}

Deno.test("what is given must go with the checkpoint's options", () => {
  const error = assertThrows(() => resume("-N 3", "--warm-up 5"), UsageError);
  assertEquals(error.message, "option --warm-up must be less than --epoch, which is 3: given 5");
});

Deno.test("auto compares all options and keeps those of the command line", () => {
  const auto = (args: string, before: string) =>
    resumeOptions(parse(`--resume auto ${args}`.trim()), saved(before), "run.st");
  assertEquals(auto("--tau 3 -N 5", "--tau 3 -N 7"), {
    ...parse("--tau 3 -N 5").options,
    resume: "auto",
  });
  const error = assertThrows(() => auto("", "--tau 3"), UsageError);
  assertStringIncludes(error.message, 'its default is 2, "run.st" has 3');
});

const DAMAGED: [change: Record<string, unknown>, reason: string][] = [
  [{ tau: 1 }, "--tau must be a number greater than 1: it is 1"],
  [{ tau: "3" }, '--tau must be a number greater than 1: it is "3"'],
  [{ tau: null }, "--tau must be a number greater than 1: it is null"],
  [{ tau: undefined }, "it has no --tau"],
  [{ softReset: undefined }, "it has no --soft-reset"],
  [{ alpha: undefined }, "it has no --alpha"],
  [{ encoder: undefined }, "it has no --encoder"],
  [{ softReset: 1 }, "--soft-reset must be true or false: it is 1"],
  [{ softReset: "true" }, '--soft-reset must be true or false: it is "true"'],
  [{ hidden: "500" }, "--hidden must be integers from 1 to 65536"],
  [{ hidden: [0] }, "it is [0]"],
  [{ hidden: [[5]] }, "it is [[5]]"],
  [{ hidden: [5, "6"] }, 'it is [5,"6"]'],
  [{ hidden: Array(1000).fill("x") }, 'it is ["x","x"'],
  [{ batchSize: 1e9 }, "-b, --batch-size must be an integer from 1 to 65535: it is 1000000000"],
  [{ seed: 1.5 }, "--seed must be an integer"],
  [{ logDir: "" }, '--log-dir must be a folder: it is ""'],
  [{ logDir: ["a"] }, '--log-dir must be a folder: it is ["a"]'],
  [
    { neuron: "toString" },
    '--neuron must be lif, if, plif, klif, cubalif, alif, li or none: it is "toString"',
  ],
  [{ surrogate: "constructor" }, "--surrogate must be"],
  [{ tau: { toString: 1 } }, "--tau must be a number greater than 1: it is {"],
  [{ network: "32C3-BX-10" }, 'option --network names no network: "BX" is no layer'],
  [{ network: "" }, "--network must be layers, as in 32C3-BN-MP2-512-10"],
  [{ network: "10", hidden: [5] }, "option --network doesn't go with --hidden"],
  [{ colour: "red" }, 'there is no option "colour"'],
  [{ ["x".repeat(1000) + "\n"]: 1 }, 'there is no option "xxx'],
  [
    { neuron: "none" },
    "option -T, --timesteps goes with --neuron lif, if, plif, klif, cubalif, alif or li only",
  ],
  [{ dropout: 0.5 }, "option --dropout needs hidden layers"],
  [{ momentum: 0.5 }, "option --momentum goes with --opt sgd only: --opt is adam"],
  [{ softReset: true, vReset: 2 }, "option --v-reset doesn't go with --soft-reset"],
];
for (const [change, reason] of DAMAGED) {
  Deno.test(`saved options with ${JSON.stringify(change).slice(0, 60)} are refused`, () => {
    const options = JSON.parse(JSON.stringify({ ...saved(), ...change }));
    const { message } = assertThrows(() => checkSavedOptions(options, "run.st"), SyntaxError);
    assert(message.startsWith('Cannot use the options in "run.st" as '), message);
    assertStringIncludes(message, reason);
    assert(!message.includes("\n") && message.length < 320, message);
  });
}

Deno.test("saved options named like an object's own are refused", () => {
  const options = JSON.parse(`{"__proto__": {"tau": 3}}`);
  assertThrows(() => checkSavedOptions(options, "run.st"), SyntaxError, '"__proto__"');
});

Deno.test("a file from before there were several data sets is of MNIST", () => {
  const { dataset: _, download: __, quiet: ___, ...before } = saved("--tau 3");
  assertEquals(checkSavedOptions(before, "run.st"), parse("--tau 3").options);
});

Deno.test("each option but the optional ones must be saved", () => {
  const optional = ["datasetDir", "gpu", "gamma", "tMax", "resume", "checkpointEvery"];
  // Files of version 0.1 know nothing of these.
  optional.push("dataset", "download", "network", "stepDuration", "distributed", "averageEvery");
  optional.push("quiet", "recipe", "tauSyn", "tauAdapt", "beta", "ownLengths", "resetDelay");
  for (const { field } of OPTIONS) {
    const { [field]: _, ...others } = saved();
    if (optional.includes(field)) checkSavedOptions(others, "run.st");
    else assertThrows(() => checkSavedOptions(others, "run.st"), SyntaxError, "it has no ");
  }
});
