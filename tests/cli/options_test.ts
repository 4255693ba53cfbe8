import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { surrogates } from "../../mod.ts";
import { TRAIN, type TrainOptions } from "../../src/cli/options/options.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";
import { runFolder } from "../../src/cli/run/run_folder.ts";
import { RECIPES } from "../../src/cli/options/recipes.ts";
import { checkSavedOptions, savedOptions } from "../../src/cli/options/saved_options.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const DEFAULTS: TrainOptions = {
  device: "auto",
  dataset: "mnist",
  download: false,
  quiet: false,
  logDir: "./logs",
  batchSize: 128,
  timeSteps: 100,
  learningRate: 1e-3,
  tau: 2,
  epochs: 100,
  seed: 1,
  ownLengths: false,
  hidden: [],
  encoder: "poisson",
  neuron: "lif",
  vThreshold: 1,
  vReset: 0,
  softReset: false,
  detachReset: false,
  resetDelay: false,
  noDecayInput: false,
  tauSyn: 2,
  tauAdapt: 20,
  beta: 1.8,
  surrogate: "atan",
  alpha: 2,
  dropout: 0,
  loss: "rateMse",
  optimizer: "adam",
  momentum: 0,
  weightDecay: 0,
  scheduler: "none",
  stepSize: 30,
  endFactor: 0,
  warmUp: 0,
  distributed: false,
};

/** What arguments without errors mean, or which information they ask for. */
function parseTrainOptions(args: readonly string[]): TrainOptions | "help" | "version" {
  const parsed = parseArguments(TRAIN, args);
  return typeof parsed === "string" ? parsed : parsed.options;
}

/** The options that arguments without errors mean. */
function parse(args: string): TrainOptions {
  const options = parseTrainOptions(args === "" ? [] : args.split(" "));
  assert(typeof options === "object");
  return options;
}

Deno.test("without arguments, every option has its default and optional ones are absent", () => {
  assertEquals(parseTrainOptions([]), DEFAULTS);
});

const ACCEPTED: [args: string, changed: Partial<TrainOptions>][] = [
  ["--device gpu", { device: "gpu" }],
  ["--device=software", { device: "software" }],
  ["--dataset-dir 123 --gpu true", { datasetDir: "123", gpu: "true" }],
  ["--log-dir=a=b", { logDir: "a=b" }],
  ["-b 1", { batchSize: 1 }],
  ["-b64", { batchSize: 64 }],
  ["--batch-size 65535", { batchSize: 65535 }],
  ["-T 10000", { timeSteps: 10000 }],
  ["--timesteps=1", { timeSteps: 1 }],
  ["--lr 2e-3", { learningRate: 2e-3 }],
  ["--learning-rate .5", { learningRate: 0.5 }],
  ["--tau 1.0001", { tau: 1.0001 }],
  ["-N 1000000", { epochs: 1000000 }],
  ["--epoch 3", { epochs: 3 }],
  ["--seed 0", { seed: 0 }],
  ["--seed 4294967295", { seed: 4294967295 }],
  ["--seed 5 --seed=7", { seed: 7 }],
  ["-T 5 --timesteps 6 -T7", { timeSteps: 7 }],
  ["--hidden 800", { hidden: [800] }],
  ["--hidden=500,300,65536", { hidden: [500, 300, 65536] }],
  ["--hidden none", { hidden: [] }],
  ["--hidden 5 --dropout .25", { hidden: [5], dropout: 0.25 }],
  ["--encoder weightedPhase", { encoder: "weightedPhase" }],
  ["--neuron if --v-threshold .5 --v-reset -1", { neuron: "if", vThreshold: 0.5, vReset: -1 }],
  ["--neuron plif --tau 3 --soft-reset", { neuron: "plif", tau: 3, softReset: true }],
  ["--soft-reset --reset-delay", { softReset: true, resetDelay: true }],
  ["--no-decay-input --detach-reset", { noDecayInput: true, detachReset: true }],
  ["--surrogate sigmoid", { surrogate: "sigmoid", alpha: 4 }],
  ["--surrogate erf --alpha 3", { surrogate: "erf", alpha: 3 }],
  ["--surrogate logTailedRelu --alpha -.5", { surrogate: "logTailedRelu", alpha: -0.5 }],
  ["--loss potentialMse", { loss: "potentialMse" }],
  ["--loss temporalCrossEntropy", { loss: "temporalCrossEntropy" }],
  ["--neuron li --loss temporalCrossEntropy", { neuron: "li", loss: "temporalCrossEntropy" }],
  ["--opt sgd --momentum 0.9", { optimizer: "sgd", momentum: 0.9 }],
  ["--opt adamw", { optimizer: "adamw", weightDecay: 0.01 }],
  ["--opt adamw --weight-decay 0", { optimizer: "adamw", weightDecay: 0 }],
  ["--scheduler step --step-size 5", { scheduler: "step", stepSize: 5, gamma: 0.1 }],
  ["--scheduler exponential", { scheduler: "exponential", gamma: 0.95 }],
  ["--scheduler exponential --gamma 0.5", { scheduler: "exponential", gamma: 0.5 }],
  ["--scheduler cosine -N 20", { scheduler: "cosine", epochs: 20, tMax: 20 }],
  ["--warm-up 5 --scheduler linear", { scheduler: "linear", warmUp: 5, tMax: 95 }],
  ["--resume auto --checkpoint-every 50", { resume: "auto", checkpointEvery: 50 }],
  ["--scheduler linear --t-max 7 --end-factor 1", { scheduler: "linear", tMax: 7, endFactor: 1 }],
];
for (const [args, changed] of ACCEPTED) {
  Deno.test(`${args} is accepted`, () => {
    assertEquals(parseTrainOptions(args.split(" ")), { ...DEFAULTS, ...changed });
  });
}

Deno.test("without neurons, images come in directly, once, and the loss reads numbers", () => {
  const { alpha, ...others } = parse("--neuron none");
  assertEquals(
    { ...others, alpha },
    { ...DEFAULTS, neuron: "none", encoder: "direct", timeSteps: 1, loss: "crossEntropy" },
  );
  assertEquals(parse("--neuron none --encoder direct --loss crossEntropy"), parse("--neuron none"));
});

Deno.test("a surrogate without alpha has none", () => {
  for (const [name, surrogate] of Object.entries(surrogates)) {
    const options = parse(`--surrogate ${name}`);
    assertEquals(options.alpha, surrogate().parameters["alpha"]);
    assertEquals("alpha" in options, "alpha" in surrogate().parameters);
  }
});

const FOLDERS: [args: string, folder: string][] = [
  ["", "T100_b128_adam_lr0.001"],
  ["--device gpu --gpu x --dataset-dir x --log-dir x -N 3", "T100_b128_adam_lr0.001"],
  ["--resume auto --checkpoint-every 5", "T100_b128_adam_lr0.001"],
  ["--tau 2 --seed 1 --hidden none --opt adam --warm-up 0", "T100_b128_adam_lr0.001"],
  ["--surrogate atan --alpha 2 --loss rateMse", "T100_b128_adam_lr0.001"],
  [
    "-T 8 --encoder direct --hidden 800",
    "T8_b128_adam_lr0.001_hidden800_encoderdirect",
  ],
  ["--hidden 500,300 --seed 2 --tau 3", "T100_b128_adam_lr0.001_tau3_seed2_hidden500-300"],
  ["--soft-reset --no-decay-input", "T100_b128_adam_lr0.001_softreset_nodecayinput"],
  ["--neuron none", "T1_b128_adam_lr0.001_neuronnone"],
  ["--opt sgd --lr .1 --momentum .9", "T100_b128_sgd_lr0.1_momentum0.9"],
  ["--opt adamw --weight-decay 0", "T100_b128_adamw_lr0.001_weightdecay0"],
  ["--surrogate sigmoid --alpha 2", "T100_b128_adam_lr0.001_surrogatesigmoid_alpha2"],
  ["--scheduler cosine -N 9", "T100_b128_adam_lr0.001_schedulercosine_tmax9"],
  ["--warm-up 2 --scheduler step", "T100_b128_adam_lr0.001_schedulerstep_warmup2"],
];
for (const [args, folder] of FOLDERS) {
  Deno.test(`the run of "${args}" goes to ${folder}`, () => {
    assertEquals(runFolder(parse(args)), folder);
  });
}

const REFUSED: [args: string[], parts: string[]][] = [
  [["--device", "tpu"], ["--device", '"tpu"', "auto, gpu or software"]],
  [["-b", "0"], ["--batch-size", '"0"', "from 1 to"]],
  [["-b", "1.5"], ["--batch-size", '"1.5"', "integer"]],
  [["-b", "1000000"], ["--batch-size", '"1000000"']],
  [["-T", "10001"], ["-T, --timesteps", '"10001"', "from 1 to 10000"]],
  [["--lr", "0"], ["--learning-rate", '"0"', "greater than 0"]],
  [["--lr", "0x10"], ["--learning-rate", '"0x10"']],
  [["--lr", "1e999"], ["--learning-rate", '"1e999"']],
  [["--tau", "1"], ["--tau", '"1"', "greater than 1"]],
  [["--tau", "nan"], ["--tau", '"nan"']],
  [["--tau=2\n3"], ["--tau", '"2\\n3"']],
  [["-N", "1000001"], ["--epoch", '"1000001"', "from 1 to 1000000"]],
  [["--seed", "4294967296"], ["--seed", '"4294967296"', "from 0 to 4294967295"]],
  [["--seed", "-1"], ["--seed", '"-1"', "from 0 to"]],
  [["-b", "-5"], ["--batch-size", '"-5"']],
  [["--tau", "-.5"], ["--tau", '"-.5"']],
  [["--log-dir"], ["--log-dir needs a value", "folder"]],
  [["--log-dir="], ["--log-dir needs a value"]],
  [["--log-dir", ""], ["--log-dir needs a value"]],
  [["--lr", "--tau", "3"], ["--learning-rate needs a value"]],
  [["-bT", "5"], ["--batch-size needs a value"]],
  [["--resume"], ["--resume needs a value", "a file, or auto"]],
  [["--resume="], ["--resume needs a value"]],
  [["--checkpoint-every", "0"], ["--checkpoint-every", '"0"', "from 1 to 1000000"]],
  [["more"], ['unexpected argument "more"']],
  [["--", "more"], ['unexpected argument "more"']],
  [["a\nb"], ['unexpected argument "a\\nb"']],
  [["--no-seed=5"], ["unknown option --no-seed"]],
  [["--constructor", "3"], ["unknown option --constructor"]],
  [["--hidden", "5,"], ["--hidden", '"5,"', "from 1 to 65536"]],
  [["--hidden", "5,0"], ["--hidden", '"5,0"']],
  [["--hidden", "65537"], ["--hidden", '"65537"']],
  [["--hidden", "5", "6"], ['unexpected argument "6"']],
  [["--hidden", "5,-6"], ["--hidden", '"5,-6"']],
  [["--dropout", "1", "--hidden", "5"], ["--dropout", '"1"', "less than 1"]],
  [["--momentum", "1", "--opt", "sgd"], ["--momentum", '"1"', "less than 1"]],
  [["--weight-decay", "-1"], ["--weight-decay", '"-1"', "of at least 0"]],
  [["--end-factor", "2", "--scheduler", "linear"], ["--end-factor", '"2"', "from 0 to 1"]],
  [["--gamma", "0", "--scheduler", "step"], ["--gamma", '"0"', "greater than 0"]],
  [["--v-threshold", "1e39"], ["--v-threshold must be a number: given", '"1e39"']],
  [["--v-threshold", "high"], ["--v-threshold must be a number: given"]],
  [["--neuron", "toString"], [
    "--neuron",
    '"toString"',
    "lif, if, plif, klif, cubalif, alif, li or none",
  ]],
  [["--surrogate", "triangle"], ["--surrogate", '"triangle"', "atan, ", " or superSpike"]],
  [["--soft-reset=1"], ["--soft-reset takes no value", '"1"']],
  [["--no-decay-input=true"], ["--no-decay-input takes no value", '"true"']],
  [["--soft-reset", "false"], ['unexpected argument "false"']],
  [["--no-soft-reset"], ["unknown option --no-soft-reset: did you mean --soft-reset?"]],
];
for (const [args, parts] of REFUSED) {
  Deno.test(`${JSON.stringify(args)} is refused in one line`, () => {
    const { message } = assertThrows(() => parseTrainOptions(args), UsageError);
    for (const part of parts) assertStringIncludes(message, part);
    assert(!message.includes("\n"), message);
  });
}

/** Arguments that are each right, but don't go together: what the message says of which. */
const CONFLICTS: [args: string, message: string][] = [
  ["--tau-syn 3", "--tau-syn goes with --neuron cubalif, or with a --network that has SF"],
  ["--beta 1", "--beta goes with --neuron alif only: --neuron is lif"],
  [
    "--network 20-10LI --loss rateMse",
    '--loss must be crossEntropy, temporalCrossEntropy or valueMse for a network that ends in values: given "rateMse"',
  ],
  [
    "--neuron none --tau 2",
    "--tau goes with --neuron lif, plif, klif, cubalif, alif or li only: --neuron is none",
  ],
  [
    "--neuron if --tau 2",
    "--tau goes with --neuron lif, plif, klif, cubalif, alif or li only: --neuron is if",
  ],
  [
    "--neuron if --no-decay-input",
    "--no-decay-input goes with --neuron lif, plif, klif, alif or li only: --neuron is if",
  ],
  [
    "--surrogate erf --neuron none",
    "--surrogate goes with --neuron lif, if, plif, klif, cubalif or alif only: --neuron is none",
  ],
  [
    "-T 1 --neuron none",
    "-T, --timesteps goes with --neuron lif, if, plif, klif, cubalif, alif or li only: --neuron is none",
  ],
  [
    "--soft-reset --neuron none",
    "--soft-reset goes with --neuron lif, if, plif, klif, cubalif or alif only: --neuron is none",
  ],
  [
    "--neuron none --encoder latency",
    '--encoder must be direct with --neuron none: given "latency"',
  ],
  [
    "--neuron none --loss rateMse",
    '--loss must be crossEntropy, temporalCrossEntropy or valueMse for a network that ends in values: given "rateMse"',
  ],
  [
    "--loss crossEntropy",
    '--loss must be one that reads spikes, unless with --neuron none or li: given "crossEntropy"',
  ],
  [
    "--hidden 5 --neuron none",
    "--hidden needs spiking neurons: with --neuron none or li there is nothing between the layers, so " +
    "that they would be no more than one",
  ],
  [
    "--v-reset 0 --soft-reset",
    "--v-reset doesn't go with --soft-reset, which subtracts the threshold",
  ],
  [
    "--surrogate leakyKRelu --alpha 1",
    "--alpha doesn't go with --surrogate leakyKRelu, which has the parameters leak = 0 and slope = 1",
  ],
  [
    "--surrogate deterministicPass --alpha 1",
    "--alpha doesn't go with --surrogate deterministicPass, which has no parameters",
  ],
  [
    "--surrogate qPseudoSpike --alpha 1",
    '--alpha is out of range: Cannot create the surrogate "qPseudoSpike" as alpha must be a ' +
    "finite number greater than 1: current value is 1",
  ],
  ["--network 800-10 --hidden 800", "--network doesn't go with --hidden"],
  [
    "--network 8C3-10 --neuron none",
    "--network needs spiking neurons, which come after each of its layers",
  ],
  [
    "--network 32C3-BX-10",
    '--network names no network: "BX" is no layer: layers are like 32C3, BN, MP2, AP2, 512, 256R, 32L, SF and 20LI\n' +
    "  32C3-BX-10\n       ^^",
  ],
  ["--download", "--download goes with --dataset fashion-mnist only: --dataset is mnist"],
  ["--dropout 0", "--dropout needs hidden layers, as with --hidden 500"],
  ["--momentum 0", "--momentum goes with --opt sgd only: --opt is adam"],
  ["--step-size 3", "--step-size goes with --scheduler step only: --scheduler is none"],
  [
    "--gamma 0.5 --scheduler cosine",
    "--gamma goes with --scheduler step or exponential only: --scheduler is cosine",
  ],
  [
    "--t-max 5 --scheduler step",
    "--t-max goes with --scheduler cosine or linear only: --scheduler is step",
  ],
  [
    "--end-factor 0",
    "--end-factor goes with --scheduler cosine or linear only: --scheduler is none",
  ],
  ["--warm-up 5 -N 5", "--warm-up must be less than --epoch, which is 5: given 5"],
];
for (const [args, message] of CONFLICTS) {
  Deno.test(`${args} don't go together`, () => {
    const error = assertThrows(() => parse(args), UsageError);
    assertEquals(error.message, `option ${message}`);
  });
}

const NEAR_CHOICES: [option: string, wrong: string, meant: string][] = [
  ["--encoder", "weighted-phase", "weightedPhase"],
  ["--encoder", "Direct", "direct"],
  ["--neuron", "LIF", "lif"],
  ["--surrogate", "ATan", "atan"],
  ["--surrogate", "soft_sign", "softSign"],
  ["--loss", "rate-mse", "rateMse"],
  ["--opt", "Adm", "adam"],
  ["--scheduler", "cos", "cosine"],
];
for (const [option, wrong, meant] of NEAR_CHOICES) {
  Deno.test(`${option} ${wrong} gets the hint ${meant}`, () => {
    const { message } = assertThrows(() => parseTrainOptions([option, wrong]), UsageError);
    assertStringIncludes(message, `: given "${wrong}": did you mean ${meant}?`);
  });
}

const NEAR: [wrong: string, meant: string][] = [
  ["--epochs=3", "--epoch"],
  ["--epcoh", "--epoch"],
  ["--time-steps", "--timesteps"],
  ["--learning_rate", "--learning-rate"],
  ["--sed", "--seed"],
  ["-lr", "--lr"],
  ["--optimizer", "--opt"],
  ["--v_threshold", "--v-threshold"],
  ["--no-decay-inptu", "--no-decay-input"],
];
for (const [wrong, meant] of NEAR) {
  Deno.test(`${wrong} gets the hint ${meant}`, () => {
    const { message } = assertThrows(() => parseTrainOptions([wrong]), UsageError);
    assertEquals(message, `unknown option ${wrong.split("=")[0]}: did you mean ${meant}?`);
  });
}

Deno.test("options that go on from a file aren't checked against each other's defaults", () => {
  const parsed = parseArguments(TRAIN, ["--resume", "run.safetensors", "--gamma", "0.5"]);
  assert(typeof parsed === "object");
  assertEquals([...parsed.given].sort(), ["gamma", "resume"]);
  assertEquals(parsed.options.gamma, 0.5);
  const auto = ["--resume", "auto", "--gamma", "0.5"];
  assertThrows(() => parseArguments(TRAIN, auto), UsageError, "--gamma goes with --scheduler");
});

Deno.test("an option that is near to none gets no hint", () => {
  const { message } = assertThrows(() => parseTrainOptions(["--frobnicate"]), UsageError);
  assertEquals(message, "unknown option --frobnicate");
});

Deno.test("help and version come before values", () => {
  assertEquals(parseTrainOptions(["-h"]), "help");
  assertEquals(parseTrainOptions(["--tau", "0", "--help"]), "help");
  assertEquals(parseTrainOptions(["--version"]), "version");
});

Deno.test("each recipe is options that go together, and what is given takes its place", () => {
  for (const [name, recipe] of Object.entries(RECIPES)) {
    const options = parseTrainOptions(["--recipe", name, "--dataset-dir", "d"]) as TrainOptions;
    for (const [field, value] of Object.entries(recipe)) {
      assertEquals(options[field as keyof TrainOptions], value, `${name}: ${field}`);
    }
    assertEquals(checkSavedOptions(savedOptions(options), "a file").network, options.network);
  }
  const options = parseTrainOptions(["--recipe", "shd", "--tau-syn", "5", "-T", "50"]);
  const { tauSyn, timeSteps, stepDuration, network } = options as TrainOptions;
  assertEquals([tauSyn, timeSteps, stepDuration, network], [5, 50, 28_000, "700-256R-20LI"]);
  // What doesn't go with what is given isn't there.
  const own = parseTrainOptions(["--recipe", "shd", "--hidden", "5", "--neuron", "if"]);
  const { network: none, hidden, tau, loss } = own as TrainOptions;
  assertEquals([none, hidden, tau, loss], [undefined, [5], 2, "rateMse"]);
});
