import { assert, assertEquals } from "@std/assert";
import {
  crossEntropy,
  EventEncoder,
  type Gpu,
  Linear,
  potentialMse,
  Sequential,
  valueMse,
} from "../../mod.ts";
import { type Loss, Random, sampleLoss } from "../../src/extend.ts";
import { CompiledNetwork, spikeDataset } from "../support/compiled_network.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readGradient } from "../support/program_reader.ts";
import {
  answer,
  crossEntropyOf,
  overTime,
  potentialMseOf,
  type ReadoutName,
  type Reference,
  scoresOf,
  valueMseOf,
} from "./reference.ts";

const READOUTS: readonly ReadoutName[] = ["mean", "max", "last"];

/** A loss of one's own: smooth distances of all scores from a target. */
const own: Loss = sampleLoss({
  name: "smoothDistance",
  reads: "values",
  wgsl: `
override target_score: f32;
override gradient_scale: f32;

fn sample_loss(first: u32, label: u32) -> f32 {
  var sum = 0.0;
  for (var c = 0u; c < classes; c++) {
    let d = score(first + c) - select(-target_score, target_score, c == label);
    let root = sqrt(1.0 + d * d);
    sum += root;
    set_gradient(first + c, gradient_scale * d / root);
  }
  return sum;
}`,
  values: ({ batchSize }) => ({ targetScore: 0.75, gradientScale: 1 / batchSize }),
});

const distances = (read: ArrayLike<number>, label: number) =>
  Array.from(read, (x, c) => x - (c === label ? 0.75 : -0.75));

const ownReference: Reference = {
  loss: (read, label) => distances(read, label).reduce((sum, d) => sum + Math.sqrt(1 + d * d), 0),
  gradient: (read, label) => distances(read, label).map((d) => d / Math.sqrt(1 + d * d)),
};

const LOSSES: readonly (readonly [string, Loss, (readout: ReadoutName) => Reference])[] = [
  ["crossEntropy", crossEntropy(), (readout) => overTime(crossEntropyOf(() => 1), readout)],
  ["valueMse", valueMse(), (readout) => overTime(valueMseOf(1, 0), readout)],
  [
    "potentialMse",
    potentialMse({ correct: 0.75, wrong: -0.5 }),
    () => potentialMseOf(0.75, -0.5),
  ],
  ["a loss of one's own", own, (readout) => overTime(ownReference, readout)],
];

interface Problem {
  timeSteps: number;
  batch: number;
  samples: number;
  features: number;
  outputs: number;
}

/** A network that ends in a Linear layer on spikes, in float64. */
function solve(
  { timeSteps: T, batch, samples, features, outputs }: Problem,
  spikes: ArrayLike<number>,
  labels: readonly number[],
  parameters: ArrayLike<number>,
  reference: Reference,
  readout: ReadoutName,
) {
  const gradient = new Float64Array(parameters.length);
  let loss = 0, correct = 0;
  for (let b = 0; b < samples; b++) {
    const x = (t: number, i: number) => spikes[(t * samples + b) * features + i]!;
    const series = Array.from({ length: T * outputs }, (_, at) => {
      const [t, o] = [Math.floor(at / outputs), at % outputs];
      let sum = parameters[features * outputs + o]!;
      for (let i = 0; i < features; i++) sum += x(t, i) * parameters[i * outputs + o]!;
      return sum;
    });
    const label = labels[b]!;
    loss += reference.loss(series, label, T);
    correct += Number(answer(scoresOf(series, T, readout)) === label);
    reference.gradient(series, label, T).forEach((g, at) => {
      const [t, o] = [Math.floor(at / outputs), at % outputs];
      gradient[features * outputs + o]! += g / batch;
      for (let i = 0; i < features; i++) gradient[i * outputs + o]! += x(t, i) * g / batch;
    });
  }
  return { loss, correct, gradient };
}

async function check(
  gpu: Gpu,
  problem: Problem,
  loss: Loss,
  reference: Reference,
  readout: ReadoutName,
  variants: "auto" | "plain",
): Promise<void> {
  const { timeSteps, batch, samples, features, outputs } = problem;
  const random = new Random(timeSteps, batch, outputs);
  const spikes = Uint8Array.from(
    { length: timeSteps * samples * features },
    () => Number(random.below(3) === 0),
  );
  const labels = Array.from({ length: samples }, () => random.below(outputs));
  const parameters = Float32Array.from(
    { length: (features + 1) * outputs },
    () => random.uniform(-1, 1),
  );
  using network = await CompiledNetwork.compile(
    gpu,
    new Sequential([new Linear(features, outputs)]),
    {
      input: [features],
      encoder: new EventEncoder(),
      content: "events",
      loss,
      readout,
      timeSteps,
      batchSize: batch,
      variants,
    },
  );
  const parameter = network.parameters[0]![1];
  gpu.write(parameter.values, parameters);
  const metrics = await network.run(
    spikeDataset(spikes, { timeSteps, features, labels, classes: outputs }),
  );
  const want = solve(problem, spikes, labels, parameters, reference, readout);
  assertEquals(metrics.correct, want.correct);
  assert(
    Math.abs(metrics.loss - want.loss) <= 1e-5 * want.loss,
    `the loss is ${metrics.loss}, it should be ${want.loss}`,
  );
  const largest = want.gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  (await readGradient(gpu, parameter)).forEach((g, i) => {
    const error = Math.abs(g - want.gradient[i]!);
    assert(error <= 1e-5 * largest, `gradient ${i} is ${g}, it should be ${want.gradient[i]}`);
  });
}

const PROBLEMS: readonly Problem[] = [
  { timeSteps: 1, batch: 3, samples: 3, features: 5, outputs: 4 },
  { timeSteps: 33, batch: 7, samples: 6, features: 13, outputs: 3 },
  { timeSteps: 130, batch: 2, samples: 2, features: 9, outputs: 10 },
];

for (const [name, loss, reference] of LOSSES) {
  for (const readout of READOUTS) {
    Deno.test(`${name} of a network that ends in values over time equals float64: ${readout}`, async () => {
      const gpu = await sharedGpu();
      for (const problem of PROBLEMS) {
        await check(gpu, problem, loss, reference(readout), readout, "auto");
      }
      await check(gpu, PROBLEMS[1]!, loss, reference(readout), readout, "plain");
    });
  }
}
