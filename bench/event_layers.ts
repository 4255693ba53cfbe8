/**
 * What the first layer of a network costs on recordings made like N-MNIST's, and on the same recordings with half
 * of their events, in turn: 2312 to 128, T 100, batch 128. The least of some rounds counts.
 *
 *     deno run -A bench/event_layers.ts [outputs] [T]
 */

import {
  EventEncoder,
  Flatten,
  Gpu,
  LifNode,
  Linear,
  Model,
  rateMse,
  Sequential,
  Sgd,
} from "../mod.ts";
import { Stopwatch } from "../src/cli/bench/stopwatch.ts";
import { Source } from "../src/core/source.ts";
import { type Dataset, eventDataset, loadMnist, recordingOf } from "../src/datasets/mod.ts";
import { madeRecording } from "../tests/support/made_nmnist.ts";

const BATCH = 128;
const ROUNDS = 12;
const SHAPE = [2, 34, 34] as const;
const [outputs = 128, timeSteps = 100] = Deno.args.map(Number);

const { train } = await loadMnist();
const pictures = train.content.kind === "bytes" ? train.content.data : new Uint8Array();
const all = Array.from({ length: BATCH }, (_, i) => {
  const events = madeRecording(pictures.subarray(i * 784, (i + 1) * 784), i);
  return recordingOf(events, { shape: SHAPE, label: train.labels![i]! });
});
const half = all.map(({ places, times, label }) => ({
  label: label!,
  places: Uint16Array.from({ length: places.length >> 1 }, (_, i) => places[2 * i]!),
  times: Float64Array.from({ length: places.length >> 1 }, (_, i) => times[2 * i]!),
}));

const gpu = await Gpu.request();
const stopwatch = await Stopwatch.start(gpu, { rounds: 1, milliseconds: 100 });

/** Compiles a training step on recordings; gives what times the kernels of its first layer. */
async function firstLayer(dataset: Dataset): Promise<() => Promise<number[]>> {
  const network = new Sequential([
    new Flatten(),
    new Linear(dataset.shape.reduce((a, b) => a * b), outputs, { bias: false }),
    new LifNode(),
    new Linear(outputs, 10),
    new LifNode(),
  ]);
  const encoder = new EventEncoder({ stepDuration: 315_000 / timeSteps });
  const model = await Model.compile(gpu, network, {
    input: SHAPE,
    encoder,
    timeSteps,
    batchSize: BATCH,
  });
  const optimizer = new Sgd({ learningRate: 1e-9 });
  const program = await model.core.compileProgram({ content: "events" }, {
    mode: "train",
    loss: rateMse(),
    optimizer,
  });
  const source = new Source(dataset);
  await program.open(source);
  const samples = Uint32Array.from({ length: BATCH }, (_, i) => i);
  await program.run([{ key: 1, update: optimizer.stepValues(1, 1e-9), source, samples }]);
  const kernels = program.dispatches.filter(({ name }) =>
    /^encoder|^linear\/(forward|gradient)_/.test(name)
  );
  return async () => {
    const times: number[] = [];
    for (const kernel of kernels) {
      times.push(await stopwatch.time((commands) => kernel.encode(commands, 0)));
    }
    return times;
  };
}

const layers = [
  await firstLayer(eventDataset(all, { shape: SHAPE, classes: 10 })),
  await firstLayer(eventDataset(half, { shape: SHAPE, classes: 10 })),
];
const least: number[][] = [[], []];
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, time] of layers.entries()) {
    (await time()).forEach((ms, k) => least[i]![k] = Math.min(least[i]![k] ?? Infinity, ms));
  }
}
const sum = (times: readonly number[]) => times.reduce((a, b) => a + b, 0);
const text = (times: readonly number[]) => times.map((ms) => ms.toFixed(2)).join(" + ");
const events = [all, half].map((set) => sum(set.map(({ places }) => places.length)) / BATCH);
console.log(`${gpu.name}: ${outputs} outputs, T ${timeSteps}, batch ${BATCH}`);
[0, 1].forEach((i) =>
  console.log(
    `${Math.round(events[i]!)} events a sample: ${text(least[i]!)} = ${
      sum(least[i]!).toFixed(2)
    } ms`,
  )
);
console.log(`half the events take ${(sum(least[1]!) / sum(least[0]!)).toFixed(2)} of the time`);
