/** What the options build, and that each of it trains. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type Dataset,
  encoders,
  imageDataset,
  LifNode,
  Linear,
  losses,
  Model,
  neurons,
  optimizers,
  Sgd,
  surrogates,
  Trainer,
} from "../../mod.ts";
import { buildNetwork } from "../../src/cli/network/build_network.ts";
import { TRAIN, type TrainOptions } from "../../src/cli/options/options.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";
import { modelOptions, trainerOptions } from "../../src/cli/network/trainer_options.ts";
import { sharedGpu } from "../support/gpu.ts";

/** Pictures of 6 x 5 with stripes that tell the class, one of 3, and a faint background. */
function pictures(count: number): Dataset {
  const labels = Uint8Array.from({ length: count }, (_, picture) => picture % 3);
  const images = Uint8Array.from(
    { length: count * 30 },
    (_, at) => at % 3 === labels[Math.floor(at / 30)] ? 180 : 50,
  );
  return imageDataset(images, { shape: [1, 6, 5], labels, classes: 3 });
}

function parse(args: string): TrainOptions {
  const parsed = parseArguments(TRAIN, args === "" ? [] : args.split(" "));
  assert(typeof parsed === "object");
  return parsed.options;
}

/** The layers as short texts. */
function layersOf(args: string): string[] {
  const data = { shape: [1, 28, 28], classes: 10 };
  return buildNetwork(parse(args), data).layers.map((layer) =>
    layer instanceof Linear
      ? `${layer.inputs}-${layer.outputs}${layer.bias ? " bias" : ""}`
      : layer.kind
  );
}

const NETWORKS: [args: string, layers: string[]][] = [
  ["", ["Flatten", "784-10", "LifNode"]],
  ["--neuron none", ["Flatten", "784-10"]],
  [
    "--network 500-10 --neuron if",
    ["Flatten", "784-500 bias", "IfNode", "500-10 bias", "IfNode"],
  ],
  [
    "--network 32C3-BN-MP2-8C5-AP2-10 --neuron if",
    [
      "Conv2d",
      "BatchNorm2d",
      "IfNode",
      "MaxPool2d",
      "Conv2d",
      "IfNode",
      "AvgPool2d",
      "Flatten",
      "392-10 bias",
      "IfNode",
    ],
  ],
  ["--neuron if --hidden 5", ["Flatten", "784-5 bias", "IfNode", "5-10 bias", "IfNode"]],
  ["--neuron klif", ["Flatten", "784-10", "KlifNode"]],
  [
    "--neuron plif --hidden 500,300 --dropout 0.2",
    [
      "Flatten",
      "784-500 bias",
      "ParametricLifNode",
      "Dropout",
      "500-300 bias",
      "ParametricLifNode",
      "Dropout",
      "300-10 bias",
      "ParametricLifNode",
    ],
  ],
];
for (const [args, layers] of NETWORKS) {
  Deno.test(`"${args}" builds ${layers.join(", ")}`, () => assertEquals(layersOf(args), layers));
}

Deno.test("the neurons get the options that are for them", () => {
  const neuronsOf = (args: string) =>
    buildNetwork(parse(args), { shape: [1, 2, 2], classes: 2 })
      .layers.filter((layer) => layer instanceof LifNode);
  const [soft] = neuronsOf(
    "--tau 3 --soft-reset --detach-reset --no-decay-input --surrogate erf --alpha 5",
  );
  assert(soft);
  assertEquals([soft.tau, soft.decayInput], [3, false]);
  const { vReset, vThreshold, detachReset, surrogate } = soft.options;
  assertEquals([vReset, vThreshold, detachReset], [null, 1, true]);
  assertEquals([surrogate.name, surrogate.parameters], ["erf", { alpha: 5 }]);
  const [hard] = neuronsOf("--v-threshold 0.5 --v-reset -1");
  assertEquals([hard!.options.vReset, hard!.options.vThreshold], [-1, 0.5]);
  for (const args of ["--hidden 3", "--network 3-2"]) {
    const made = neuronsOf(`${args} --loss potentialMse --tau 3`);
    assertEquals(made.map(({ tau, options }) => [tau, options.storeV]), [[3, false], [3, true]]);
  }
});

Deno.test("the optimizer gets the options that are for it", () => {
  const { optimizer } = trainerOptions(parse("--opt sgd --lr 0.1 --momentum 0.9"));
  assert(optimizer instanceof Sgd);
  assertEquals(
    [optimizer.learningRate, optimizer.momentum, optimizer.weightDecay],
    [0.1, 0.9, 0],
  );
});

/** As shares of `--lr`. */
const RATES: [args: string, rates: number[]][] = [
  ["", [1, 1, 1, 1]],
  ["--scheduler step --step-size 2", [1, 1, 0.1, 0.1]],
  ["--scheduler step --step-size 1 --gamma 0.5", [1, 0.5, 0.25, 0.125]],
  ["--scheduler exponential", [1, 0.95, 0.9025, 0.857375]],
  ["--scheduler linear", [1, 0.75, 0.5, 0.25]],
  ["--scheduler linear --t-max 2 --end-factor 0.5", [1, 0.75, 0.5, 0.5]],
  ["--scheduler cosine --t-max 2", [1, 0.5, 0, 0.5]],
  ["--scheduler cosine --t-max 2 --end-factor 0.2", [1, 0.6, 0.2, 0.6]],
  ["--warm-up 2 --scheduler cosine", [1 / 3, 2 / 3, 1, 0.5]],
  ["--warm-up 1", [1 / 3, 1, 1, 1]],
];
for (const [args, rates] of RATES) {
  Deno.test(`"${args}" gives the learning rates ${rates.join(", ")}`, () => {
    const base = 0.01;
    const { scheduler } = trainerOptions(parse(`-N 4 --lr ${base} ${args}`.trim()));
    rates.forEach((rate, epoch) => assertAlmostEquals(scheduler!.rate(epoch, base), base * rate));
  });
}

/** Options whose networks must learn to tell the stripes apart. */
const LEARNERS = [
  ...Object.keys(neurons).map((name) => `--neuron ${name}`),
  "--neuron none",
  "--neuron none --loss valueMse",
  // Where each pixel spikes once, no neuron can fire at each time step.
  // The classes' columns are the same, in another order: only what remembers them learns that.
  ...Object.keys(encoders).filter((name) => !["columns", "events"].includes(name)).map((name) =>
    `--encoder ${name}${name === "latency" ? " --loss countCrossEntropy" : ""}`
  ),
  ...Object.keys(losses).filter((name) =>
    !["crossEntropy", "potentialMse", "valueMse"].includes(name)
  )
    .map((name) => `--loss ${name}`),
  ...Object.keys(optimizers).map((name) => `--opt ${name}`),
  "--opt sgd --momentum 0.9",
  ...["step", "exponential", "cosine", "linear"].map((name) => `--scheduler ${name}`),
  "--warm-up 2",
  "--soft-reset --detach-reset --no-decay-input",
  "--hidden 12",
  "--hidden 12,9 --dropout 0.2 --encoder direct",
  "--hidden 12 --neuron plif --encoder latency --loss countCrossEntropy",
  "--network 6C3-BN-MP2-3 --neuron if --encoder direct",
  "--network 30-12R-3 --encoder direct",
  "--network 12-SF-3 --encoder direct --tau-syn 3",
  "--network 12R-3LI --neuron cubalif --tau-syn 3 --encoder direct",
  "--neuron klif --soft-reset --reset-delay",
  "--neuron cubalif --tau-syn 3",
  "--neuron alif --tau-adapt 10 --beta 1",
  "--neuron li",
  "--neuron li --loss temporalCrossEntropy",
];

Deno.test("what each option builds trains", async (t) => {
  const gpu = await sharedGpu();
  const [train, test] = [pictures(60), pictures(21)];
  const run = async (args: string) => {
    const time = args.includes("none") ? "" : "-T 9 ";
    const rate = args.includes("sgd") ? 1 : 0.05;
    const options = parse(`${time}-b 4 -N 6 --lr ${rate} ${args}`);
    const network = buildNetwork(options, train);
    using model = await Model.compile(gpu, network, modelOptions(options, train.shape));
    using trainer = new Trainer(model, trainerOptions(options));
    return await Array.fromAsync(trainer.fit(train, { epochs: options.epochs, test }));
  };
  for (const args of LEARNERS) {
    await t.step(args, async () => {
      const reports = await run(args);
      const best = Math.max(...reports.map(({ testAccuracy }) => testAccuracy));
      assert(best > 0.9, `${args}: ${JSON.stringify(reports.at(-1))}`);
    });
  }
  await t.step("--loss potentialMse", async () => {
    // The answer is what fires most, which follows only loosely from potentials.
    const reports = await run("--loss potentialMse");
    const [first, last] = [reports[0]!.trainLoss, reports.at(-1)!.trainLoss];
    assert(last < first, `${first}, then ${last}`);
  });
  for (const name of Object.keys(surrogates)) {
    await t.step(`--surrogate ${name}`, async () => {
      const reports = await run(`--surrogate ${name} -N 1`);
      assert(Number.isFinite(reports[0]!.testLoss));
    });
  }
});
