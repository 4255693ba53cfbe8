import { assert, assertEquals } from "@std/assert";
import {
  DirectEncoder,
  Flatten,
  type Gpu,
  imageDataset,
  LifNode,
  Linear,
  PoissonEncoder,
  rateMse,
  Sequential,
  surrogates,
} from "../../mod.ts";
import type { Loss } from "../../src/extend.ts";
import {
  type Neuron,
  type Problem,
  randomProblem,
  type Solution,
  solve,
} from "../reference/oracle.ts";
import { CompiledNetwork } from "../support/compiled_network.ts";
import { sharedGpu } from "../support/gpu.ts";
import { unfused } from "../support/losses.ts";
import { readGradient, readSpikes } from "../support/program_reader.ts";

const { atan, sigmoid } = surrogates;

const LIF: Neuron = {
  tau: 2,
  vThreshold: 1,
  vReset: 0,
  decayInput: true,
  detachReset: false,
  surrogate: atan(),
};

/** A step of encoder, Linear, LIF, loss and gradients on the GPU against float64. */
async function check(
  shape: { timeSteps: number; batch: number; features: number; outputs: number; bias: boolean },
  neuron: Neuron,
  direct = false,
  preset: "auto" | "gpu" = "auto",
): Promise<void> {
  let seed = 1;
  let problem = randomProblem(shape, neuron, seed, direct);
  let want = solve(problem);
  // Rounding decides whether a neuron fires at the threshold itself: such a problem tells nothing.
  while (want.nearest < 2e-6) {
    want = solve(problem = randomProblem(shape, neuron, ++seed, direct));
  }
  const gpu = await sharedGpu({ preset });
  for (const [loss, variants] of WAYS) await checkWay(gpu, loss, variants, problem, want);
}

/** One kernel a step where there is one, one a layer, and the plain kernels, which take anything. */
const WAYS: readonly (readonly [Loss, "auto" | "plain"])[] = [
  [rateMse(), "auto"],
  [unfused(rateMse()), "auto"],
  [rateMse(), "plain"],
];

async function checkWay(
  gpu: Gpu,
  loss: Loss,
  variants: "auto" | "plain",
  problem: Problem,
  want: Solution,
): Promise<void> {
  const { timeSteps, features, outputs, bias, neuron } = problem;
  // Five rows, which blocks of an image don't fill, or one.
  const input = features % 5 === 0 ? [5, features / 5] : [1, features];
  const layers = [new Flatten(), new Linear(features, outputs, { bias }), new LifNode(neuron)];
  using network = await CompiledNetwork.compile(gpu, new Sequential(layers), {
    input,
    encoder: problem.direct ? new DirectEncoder() : new PoissonEncoder(),
    loss,
    timeSteps,
    batchSize: problem.images.length,
    variants,
  });
  const [[, parameter]] = network.parameters as [typeof network.parameters[0]];
  gpu.write(parameter.values, Float32Array.from(problem.parameters));
  const { images, labels } = problem;
  const pixels = Uint8Array.from(images.flatMap((image) => [...image]));
  const metrics = await network.run(
    imageDataset(pixels, { shape: input, labels, classes: outputs }),
    { key: problem.key },
  );
  const { program } = network;
  const { output } = program.compiled;
  assert(output.kind === "spikes");
  assertEquals(await readSpikes(gpu, program, output), [...want.spikes]);
  assertEquals(metrics.correct, want.correct);
  assert(Math.abs(metrics.loss - want.loss) <= 1e-5 * want.loss);
  const got = await readGradient(gpu, parameter);
  const largest = want.gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  got.forEach((g, i) => {
    const error = Math.abs(g - want.gradient[i]!);
    assert(error <= 1e-5 * largest + 1e-12, `gradient ${i} is ${g}, should be ${want.gradient[i]}`);
  });
}

/** Each two of T, batch and features meet once. */
const SIZES = [1, 3, 101].flatMap((timeSteps, i) =>
  [1, 7, 130].map((batch, j) => ({ timeSteps, batch, features: [1, 5, 785][(i + j) % 3]! }))
);

for (const timeSteps of [30, 129]) {
  Deno.test(`a step equals the oracle: a delayed reset, T ${timeSteps}`, () =>
    check({ timeSteps, batch: 6, features: 20, outputs: 7, bias: true }, {
      ...LIF,
      ...{ vReset: null, detachReset: true, resetDelay: true },
    }));
}

for (const { timeSteps, batch, features } of SIZES) {
  const outputs = [1, 3, 10, 11][(timeSteps + batch + features) % 4]!;
  const bias = (timeSteps + batch) % 3 === 0;
  Deno.test(`a step equals the oracle: T ${timeSteps}, batch ${batch}, ${features} to ${outputs}`, () =>
    check({ timeSteps, batch, features, outputs, bias }, LIF));
}

for (const timeSteps of [32, 129, 200, 259]) {
  Deno.test(`a step equals the oracle: T ${timeSteps}, in segments`, () =>
    check({ timeSteps, batch: 5, features: 9, outputs: 4, bias: true }, LIF));
}

for (const vReset of [0, -0.25, null]) {
  for (const decayInput of [true, false]) {
    for (const detachReset of [true, false]) {
      const neuron: Neuron = {
        tau: 1.75,
        vThreshold: 0.875,
        vReset,
        decayInput,
        detachReset,
        surrogate: detachReset ? sigmoid({ alpha: 3 }) : atan({ alpha: 1.5 }),
      };
      Deno.test(`a step equals the oracle: reset ${vReset}, decay ${decayInput}, detach ${detachReset}`, () =>
        check({ timeSteps: 30, batch: 6, features: 20, outputs: 7, bias: true }, neuron));
    }
  }
}

for (const { timeSteps, batch, features } of SIZES) {
  const outputs = [1, 3, 12, 67][(timeSteps + batch + features) % 4]!;
  const bias = (timeSteps + batch) % 3 === 0;
  Deno.test(`a step on images equals the oracle: T ${timeSteps}, batch ${batch}, ${features} to ${outputs}`, () =>
    check({ timeSteps, batch, features, outputs, bias }, LIF, true));
}

Deno.test("a step on images equals the oracle where the weights don't fit a uniform buffer", () =>
  check({ timeSteps: 4, batch: 9, features: 300, outputs: 72, bias: true }, LIF, true));

for (const direct of [false, true]) {
  for (const timeSteps of [3, 101]) {
    Deno.test(`a step ${direct ? "on images " : ""}equals the oracle: T ${timeSteps}, kernels cut for a GPU`, () =>
      check({ timeSteps, batch: 7, features: 785, outputs: 11, bias: true }, LIF, direct, "gpu"));
  }
}

for (const timeSteps of [3, 20, 101]) {
  const shape = { timeSteps, batch: 5, features: 30, outputs: 68, bias: true };
  Deno.test(`a step equals the oracle: T ${timeSteps}, many outputs`, () => check(shape, LIF));
  Deno.test(`a step equals the oracle: T ${timeSteps}, many outputs, kernels cut for a GPU`, () =>
    check(shape, LIF, false, "gpu"));
}

for (const timeSteps of [1, 32, 33, 63, 64, 96, 97, 128, 129, 259]) {
  const bias = timeSteps % 2 === 1;
  Deno.test(`a step equals the oracle: T ${timeSteps}, words of steps cut for a GPU`, () =>
    check({ timeSteps, batch: 5, features: 300, outputs: 7, bias }, LIF, false, "gpu"));
}

Deno.test("a step equals the oracle where copies of a gradient cut for a GPU take several samples", () =>
  check({ timeSteps: 12, batch: 300, features: 20, outputs: 30, bias: true }, LIF, false, "gpu"));
