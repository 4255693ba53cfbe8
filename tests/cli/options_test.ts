import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  parseTrainOptions,
  trainHelp,
  type TrainOptions,
  UsageError,
} from "../../src/cli/options.ts";

const DEFAULTS: TrainOptions = {
  device: "auto",
  logDir: "./logs",
  batchSize: 128,
  timeSteps: 100,
  learningRate: 1e-3,
  tau: 2,
  epochs: 100,
  seed: 1,
};

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
];
for (const [args, changed] of ACCEPTED) {
  Deno.test(`${args} is accepted`, () => {
    assertEquals(parseTrainOptions(args.split(" ")), { ...DEFAULTS, ...changed });
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
  [["more"], ['unexpected argument "more"']],
  [["--", "more"], ['unexpected argument "more"']],
  [["a\nb"], ['unexpected argument "a\\nb"']],
  [["--no-seed=5"], ["unknown option --no-seed"]],
  [["--constructor", "3"], ["unknown option --constructor"]],
];
for (const [args, parts] of REFUSED) {
  Deno.test(`${JSON.stringify(args)} is refused in one line`, () => {
    const { message } = assertThrows(() => parseTrainOptions(args), UsageError);
    for (const part of parts) assertStringIncludes(message, part);
    assert(!message.includes("\n"), message);
  });
}

const NEAR: [wrong: string, meant: string][] = [
  ["--epochs=3", "--epoch"],
  ["--epcoh", "--epoch"],
  ["--time-steps", "--timesteps"],
  ["--learning_rate", "--learning-rate"],
  ["--sed", "--seed"],
  ["-lr", "--lr"],
];
for (const [wrong, meant] of NEAR) {
  Deno.test(`${wrong} gets the hint ${meant}`, () => {
    const { message } = assertThrows(() => parseTrainOptions([wrong]), UsageError);
    assertEquals(message, `unknown option ${wrong.split("=")[0]}: did you mean ${meant}?`);
  });
}

Deno.test("an option that is near to none gets no hint", () => {
  const { message } = assertThrows(() => parseTrainOptions(["--frobnicate"]), UsageError);
  assertEquals(message, "unknown option --frobnicate");
});

Deno.test("help and version come before values", () => {
  assertEquals(parseTrainOptions(["-h"]), "help");
  assertEquals(parseTrainOptions(["--tau", "0", "--help"]), "help");
  assertEquals(parseTrainOptions(["--version"]), "version");
});

Deno.test("the help has every option with its default and range, and two examples that parse", () => {
  const help = trainHelp();
  const lines = help.split("\n");
  const expected: [option: string, ...parts: string[]][] = [
    ["--device auto|gpu|software", "default: auto"],
    ["--dataset-dir DIR", "MNIST"],
    ["--log-dir DIR", "default: ./logs"],
    ["-b, --batch-size N", "default: 128", "from 1 to"],
    ["-T, --timesteps N", "default: 100", "from 1 to 10000"],
    ["--lr, --learning-rate X", "default: 1e-3", "greater than 0"],
    ["--gpu NAME"],
    ["--tau X", "default: 2.0", "greater than 1"],
    ["-N, --epoch N", "default: 100", "from 1 to 1000000"],
    ["--seed N", "default: 1", "from 0 to 4294967295"],
    ["-h, --help"],
    ["--version"],
  ];
  for (const [option, ...parts] of expected) {
    const line = lines.find((line) => line.trim().startsWith(option));
    assert(line !== undefined, option);
    for (const part of parts) assertStringIncludes(line, part);
  }
  const examples = help.split("Examples:\n")[1]!.split("\n");
  assertEquals(examples.length, 2);
  for (const example of examples) {
    const options = parseTrainOptions(example.split(" train ")[1]!.split(" "));
    assert(typeof options === "object");
  }
});
