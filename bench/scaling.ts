/**
 * How the time and the memory of a training step grow with T, the neurons of a hidden layer, the batch
 * and the depth: each is doubled while the others stay. Prints tables in Markdown.
 *
 * ```sh
 * deno run -A bench/scaling.ts
 * ```
 */

import {
  Adam,
  DirectEncoder,
  Flatten,
  Gpu,
  LifNode,
  Linear,
  Model,
  rateMse,
  Sequential,
} from "../mod.ts";
import { loadMnist } from "../src/datasets/mod.ts";
import { type Layer, Source } from "../src/extend.ts";

/** What a network is measured at. */
interface Size {
  readonly timeSteps: number;
  readonly hidden: number;
  readonly batchSize: number;
  readonly depth: number;
}

const BASE: Size = { timeSteps: 16, hidden: 256, batchSize: 64, depth: 2 };
const SERIES: readonly { name: string; of: (factor: number) => Partial<Size> }[] = [
  { name: "T", of: (factor) => ({ timeSteps: 4 * factor }) },
  { name: "hidden neurons", of: (factor) => ({ hidden: 64 * factor }) },
  { name: "batch", of: (factor) => ({ batchSize: 16 * factor }) },
  { name: "hidden layers", of: (factor) => ({ depth: factor }) },
];
const FACTORS = [1, 2, 4, 8, 16];
/** Layers of a network at most: compiling takes long. */
const MOST_LAYERS = 8;
const STEPS = 4;
const ROUNDS = 7;

const gpu = await Gpu.request();
const { test } = await loadMnist();
const PIXELS = 784;
const source = new Source(test);

function networkOf({ hidden, depth }: Size): Sequential {
  const layers: Layer[] = [new Flatten()];
  let features = PIXELS;
  for (let i = 0; i < depth; i++) {
    layers.push(new Linear(features, hidden), new LifNode({ detachReset: true }));
    features = hidden;
  }
  return new Sequential([...layers, new Linear(features, test.classes), new LifNode()]);
}

/** The median milliseconds of a step, and the megabytes of its program and what it learns. */
async function measure(size: Size): Promise<{ ms: number; megabytes: number }> {
  const optimizer = new Adam();
  const { batchSize, timeSteps } = size;
  using model = await Model.compile(gpu, networkOf(size), {
    input: test.shape,
    encoder: new DirectEncoder(),
    timeSteps,
    batchSize,
  });
  using program = await model.core.compileProgram(
    { content: "bytes" },
    { mode: "train", loss: rateMse(), optimizer },
  );
  await program.open(source);
  const steps = Array.from({ length: Math.min(STEPS, program.stepsOf(source)) }, (_, i) => ({
    key: i,
    update: optimizer.stepValues(i + 1, 1e-3),
    source,
    samples: Uint32Array.from({ length: batchSize }, (_, s) => i * batchSize + s),
  }));
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    await program.run(steps);
    times.push((performance.now() - start) / steps.length);
  }
  // The first round compiles what the driver left for later.
  const ms = times.slice(1).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
  const bytes = [...program.memory, ...model.core.store.allocations].reduce(
    (sum, { bytes }) => sum + bytes,
    0,
  );
  return { ms, megabytes: bytes / 1e6 };
}

const { timeSteps, hidden, batchSize, depth } = BASE;
console.log(
  `784, ${depth} hidden layers of ${hidden}, 10; direct, T ${timeSteps}, batch ${batchSize}; ` +
    `${gpu.name}\n`,
);
for (const { name, of } of SERIES) {
  console.log(`| ${name} | ms a step | MB on the device |\n| ---: | ---: | ---: |`);
  for (const factor of FACTORS) {
    if (name === "hidden layers" && factor > MOST_LAYERS) continue;
    const change = of(factor);
    const { ms, megabytes } = await measure({ ...BASE, ...change });
    console.log(
      `| ${Object.values(change)[0]} | ${ms.toPrecision(3)} | ${megabytes.toPrecision(3)} |`,
    );
  }
  console.log();
}
Deno.exit();
