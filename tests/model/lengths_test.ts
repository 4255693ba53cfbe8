/** Samples that end before T; `tests/program/compare_lengths.ts` holds them against the same alone. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import {
  BatchNorm1d,
  ColumnEncoder,
  Dataset,
  DirectEncoder,
  eventDataset,
  EventEncoder,
  Flatten,
  IfNode,
  LatencyEncoder,
  LifNode,
  Linear,
  LiNode,
  Model,
  PeriodicEncoder,
  PoissonEncoder,
  Residual,
  Sequential,
  Sgd,
  valueMse,
} from "../../mod.ts";
import { type Encoder, Random, sampleLoss } from "../../src/extend.ts";
import { CompiledNetwork } from "../support/compiled_network.ts";
import { sharedGpu } from "../support/gpu.ts";
import { numbersOf, randomPictures, startTraining } from "../support/training.ts";

const T = 9;
const LENGTHS = [4, 9, 1];
const PICTURES = randomPictures({ count: 3, shape: [2, 9], classes: 2, seed: 5 });
const SHORT = new Dataset({ ...PICTURES, lengths: LENGTHS });

const spikesOf = (flat: Uint8Array) => flat.reduce((sum, spike) => sum + spike, 0);

const ENCODERS: Readonly<Record<string, Encoder>> = {
  poisson: new PoissonEncoder(),
  latency: new LatencyEncoder(),
  periodic: new PeriodicEncoder([Array(18).fill(1), Array(18).fill(0), Array(18).fill(1)]),
  columns: new ColumnEncoder(),
};

for (const [name, encoder] of Object.entries(ENCODERS)) {
  Deno.test(`a recording shows a sample up to its end, and nothing after it: ${name}`, async () => {
    const gpu = await sharedGpu();
    const network = new Sequential([
      new Flatten(),
      // Twice what the encoder gives, as numbers: a recording has those.
      new Residual(new Flatten()),
      new IfNode({ vThreshold: 0.5, vReset: null }),
    ]);
    using model = await Model.compile(gpu, network, { input: [2, 9], encoder, timeSteps: T });
    for (const [i, length] of LENGTHS.entries()) {
      const whole = await model.record(PICTURES.take([i]));
      const short = await model.record(SHORT.take([i]));
      const size = short.layers.at(-1)!.shape.reduce((a, b) => a * b);
      for (const [k, { spikes, values, traces }] of short.layers.entries()) {
        const other = whole.layers[k]!;
        const signals = [
          [spikes, other.spikes],
          [values, other.values],
          [traces["v"], other.traces["v"]],
        ] as const;
        for (const [own, all] of signals) {
          if (!own) continue;
          const expected = Array.from(all!, (x, n) => n < length * size ? x : 0);
          assertEquals(Array.from(own), expected);
        }
      }
      const fired = Array.from(short.scores, (rate) => rate * length);
      assertAlmostEquals(
        fired.reduce((a, b) => a + b),
        spikesOf(short.layers.at(-1)!.spikes!),
        1e-4,
      );
    }
    assert(spikesOf((await model.record(SHORT.take([1]))).layers.at(-1)!.spikes!) > 0);
  });
}

Deno.test("samples without lengths are those of T, beside others that have them", async () => {
  const gpu = await sharedGpu();
  const network = new Sequential([
    new Flatten(),
    new Linear(18, 2),
    new LifNode({ vThreshold: 0.2 }),
  ]);
  using model = await Model.compile(gpu, network, {
    input: [2, 9],
    encoder: new DirectEncoder(),
    timeSteps: T,
  });
  const full = new Dataset({ ...PICTURES, lengths: [T, T, T] });
  const [before, all, short, after] = [
    await model.predict(PICTURES),
    await model.predict(full),
    await model.predict(SHORT),
    await model.predict(PICTURES),
  ];
  assertEquals(all, before);
  assertEquals(after, before);
  assertEquals(short[1], before[1]);
  const { firing: [own] } = await model.evaluate(SHORT);
  const counts = (model: typeof short) =>
    LENGTHS.reduce((sum, length, i) => sum + length * model[i]!.scores.reduce((a, b) => a + b), 0);
  assertAlmostEquals(own!.meanRate, counts(short) / 2 / 14, 1e-6);
});

Deno.test("a data set is refused that has samples of more time steps than T", async () => {
  const gpu = await sharedGpu();
  using training = await startTraining(
    gpu,
    new Sequential([new Linear(4, 2), new LifNode()]),
    {
      input: [4],
      encoder: new EventEncoder(),
      timeSteps: 5,
      batchSize: 2,
      loss: valueMse(),
      optimizer: new Sgd(),
    },
  );
  const recordings = [{ places: [0], times: [7], label: 1 }, { places: [1], times: [2], label: 0 }];
  const data = eventDataset(recordings, { shape: [4] });
  const own = new Dataset({ ...data, lengths: [5, 8] });
  const reason =
    "Cannot use a data set as lengths must be integers from 1 to T, 5: that of sample 1 is 8";
  await assertRejects(() => training.model.predict(own), RangeError, reason);
  await assertRejects(() => training.trainer.gradients(own), RangeError, reason);
});

Deno.test("a loss of one's own must not follow from T where samples end before it", async () => {
  const gpu = await sharedGpu();
  const lossOf = (values: Parameters<typeof sampleLoss>[0]["values"], text: string) =>
    sampleLoss({
      name: "mine",
      reads: "counts",
      wgsl: `override scale: f32;
fn sample_loss(first: u32, label: u32) -> f32 {
#if lengths
  let share = scale / own_steps;
#else
  let share = scale;
#end
  ${text}
  set_gradient(first, share);
  return score(first) * share;
}`,
      ...values ? { values } : {},
    });
  const gradients = async (loss: ReturnType<typeof lossOf>, data: Dataset) => {
    using training = await startTraining(
      gpu,
      new Sequential([new Flatten(), new Linear(18, 2), new LifNode({ vThreshold: 0.2 })]),
      {
        input: [2, 9],
        encoder: new DirectEncoder(),
        timeSteps: T,
        batchSize: 3,
        loss,
        optimizer: new Sgd(),
      },
    );
    return numbersOf(await training.trainer.gradients(data));
  };
  const bad = lossOf(({ timeSteps }) => ({ scale: 1 / timeSteps }), "");
  await assertRejects(
    () => gradients(bad, SHORT),
    TypeError,
    "Cannot compile the loss mine for samples of lengths of their own as its values follow from timeSteps",
  );
  const good = lossOf((shape) => ({ scale: shape.lengths ? 1 : 1 / shape.timeSteps }), "");
  const full = new Dataset({ ...PICTURES, lengths: [T, T, T] });
  const [own, all] = [await gradients(good, full), await gradients(bad, PICTURES)];
  for (const [name, numbers] of Object.entries(all)) {
    numbers.forEach((g, i) => assertAlmostEquals(own[name]![i]!, g, 1e-6));
  }
});

for (const over of ["time", "constant"] as const) {
  Deno.test(`batch norm takes each sample's own time steps: ${over}`, async () => {
    const gpu = await sharedGpu();
    const random = new Random(11);
    const [count, size, steps] = [LENGTHS.length, 3, over === "time" ? T : 1];
    const data = Float32Array.from({ length: count * steps * size }, () => random.uniform(-1, 2));
    const dataset = new Dataset({
      shape: [size],
      content: { kind: "floats", data, ...over === "time" ? { timeSteps: T } : {} },
      labels: [0, 1, 1],
      lengths: LENGTHS,
    });
    const layers = [
      new Linear(size, size),
      new BatchNorm1d(size, { momentum: 1 }),
      new Linear(size, 2),
      // With the mean of what leaks, time steps don't count alike.
      new LiNode({ tau: 2 }),
    ];
    using compiled = await CompiledNetwork.compile(gpu, new Sequential(layers), {
      input: [size],
      encoder: new DirectEncoder(),
      timeSteps: T,
      batchSize: count + 1,
      loss: valueMse(),
      content: "floats",
      lengths: true,
      ...over === "time" ? { contentSteps: T } : {},
    });
    const { store } = compiled.core;
    const read = async (kind: "values" | "gradient") => {
      const tensors = await Promise.all(compiled.parameters.map(async ([block, parameter]) => {
        const numbers = new Float32Array(await gpu.read(parameter[kind]));
        return store.tensorsOf(block, numbers.slice(0, block.size));
      }));
      return new Map(tensors.flat());
    };
    const [values] = [await read("values"), await compiled.run(dataset)];
    const gradients = await read("gradient");

    for (const [name, index] of CHANGED) {
      const { shape, data } = values.get(name)!;
      const lossAt = async (change: number) => {
        const changed = Float32Array.from(data, Number);
        changed[index]! += change;
        store.load(new Map([...values, [name, { shape, data: changed }]]));
        return (await compiled.run(dataset)).loss / (count + 1);
      };
      const h = 1e-2;
      const slope = (await lossAt(h) - await lossAt(-h)) / (2 * h);
      const own = Number(gradients.get(name)!.data[index]);
      assert(Math.abs(own) > 1e-3, `the gradient of ${name} is ${own}`);
      assertAlmostEquals(own, slope, 0.02 * Math.abs(own));
      store.load(values);
    }
  });
}

/** Numbers of tensors whose gradients are held against differences of losses. */
const CHANGED = [["layer.0.weight", 4], ["layer.1.weight", 1], ["layer.1.bias", 2]] as const;
