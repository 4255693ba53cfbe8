import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  Adam,
  crossEntropy,
  DirectEncoder,
  type Gpu,
  LifNode,
  Linear,
  Model,
  ParametricLifNode,
  PoissonEncoder,
  rateMse,
  Sequential,
  Sgd,
  Trainer,
  type TrainerOptions,
  type TrainerState,
} from "../../mod.ts";
import { Random } from "../../src/extend.ts";
import { sharedGpu } from "../support/gpu.ts";
import {
  all,
  last,
  numbersOf,
  randomPictures,
  startTraining,
  throughFile,
  timeless,
  type TrainingOptions,
} from "../support/training.ts";
import { assertClose } from "../support/close.ts";

const INPUTS = 13;
const CLASSES = 3;
const BATCH = 8;
const ONE_BATCH = randomPictures({ count: BATCH, shape: [INPUTS], classes: CLASSES, seed: 11 });

const deep = () =>
  new Sequential([
    new Linear(INPUTS, 10),
    new ParametricLifNode(),
    new Linear(10, CLASSES),
    new LifNode(),
  ]);

const DEEP: TrainingOptions = {
  input: [INPUTS],
  encoder: new DirectEncoder(),
  timeSteps: 7,
  batchSize: BATCH,
  loss: rateMse(),
  optimizer: new Sgd({ learningRate: 1 }),
};

/** Weights before and after a step of one batch, and the gradient that was told before it. */
async function oneStep(gpu: Gpu, network: () => Sequential, options: TrainingOptions) {
  using training = await startTraining(gpu, network(), options);
  const { model, trainer } = training;
  const gradients = numbersOf(await trainer.gradients(ONE_BATCH));
  const before = numbersOf(await model.parameters());
  await last(trainer.fit(ONE_BATCH, { epochs: 1 }));
  const after = numbersOf(await model.parameters());
  const applied = Object.fromEntries(
    Object.entries(before).map(([name, values]) => [
      name,
      values.map((value, i) => value - after[name]![i]!),
    ]),
  );
  return { gradients, applied };
}

/** The norm of all numbers together. */
const normOf = (tensors: Record<string, number[]>) => Math.hypot(...Object.values(tensors).flat());

/** Differences of weights near 1 are known this well. */
const CLOSE = { rtol: 1e-5, atol: 2e-7 };

Deno.test("gradients are those that a step applies", async () => {
  const gpu = await sharedGpu();
  for (const variants of ["auto", "plain"] as const) {
    const { gradients, applied } = await oneStep(gpu, deep, { ...DEEP, variants });
    assertEquals(Object.keys(gradients), Object.keys(applied));
    assert(normOf(gradients) > 1e-3, "there is nothing to compare");
    for (const [name, values] of Object.entries(gradients)) {
      assertClose(applied[name]!, values, CLOSE);
    }
  }
});

Deno.test("gradients are those of the next step's own spikes", async () => {
  const gpu = await sharedGpu();
  const sample = ONE_BATCH.take([2]);
  const network = new Sequential([new Linear(INPUTS, CLASSES), new LifNode()]);
  using training = await startTraining(gpu, network, {
    ...DEEP,
    encoder: new PoissonEncoder(),
    timeSteps: 40,
    batchSize: 1,
  });
  const { model, trainer } = training;
  const seen: number[][] = [];
  for (let step = 0; step < 3; step++) {
    const gradient = numbersOf(await trainer.gradients(sample));
    // Asking again changes nothing, nor does it what is learned.
    assertEquals(numbersOf(await trainer.gradients(sample)), gradient);
    const before = numbersOf(await model.parameters());
    await last(trainer.fit(sample, { epochs: 1 }));
    const after = numbersOf(await model.parameters());
    for (const [name, values] of Object.entries(gradient)) {
      assertClose(before[name]!.map((value, i) => value - after[name]![i]!), values, CLOSE);
    }
    seen.push(gradient["layer.0.weight"]!);
  }
  assert(seen[0]!.some((value, i) => value !== seen[1]![i]), "each step draws its own spikes");
});

Deno.test("gradients of a softmax regression equal those computed in float64", async () => {
  const gpu = await sharedGpu();
  const network = new Sequential([new Linear(INPUTS, CLASSES)]);
  using training = await startTraining(gpu, network, {
    ...DEEP,
    timeSteps: 1,
    loss: crossEntropy(),
  });
  const { model, trainer } = training;
  const { weight, bias } = Object.fromEntries(
    Object.entries(numbersOf(await model.parameters())).map((
      [name, values],
    ) => [name.split(".").at(-1), values]),
  ) as { weight: number[]; bias: number[] };
  // A batch that isn't full counts its own samples only.
  for (const count of [BATCH, 5, 1]) {
    const data = ONE_BATCH.slice(0, count);
    const want = { weight: weight.map(() => 0), bias: bias.map(() => 0) };
    if (data.content.kind !== "bytes") throw new Error("the pictures are bytes");
    for (let sample = 0; sample < count; sample++) {
      const x = Array.from(
        data.content.data.subarray(sample * INPUTS, (sample + 1) * INPUTS),
        (byte) => byte / 255,
      );
      const scores = bias.map((b, o) =>
        x.reduce((sum, value, i) => sum + value * weight[o * INPUTS + i]!, b)
      );
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      scores.forEach((score, o) => {
        const error = Math.exp(score) / total - Number(o === data.labels![sample]);
        want.bias[o]! += error / count;
        x.forEach((value, i) => want.weight[o * INPUTS + i]! += error * value / count);
      });
    }
    const got = numbersOf(await trainer.gradients(data));
    assertClose(got["layer.0.weight"]!, want.weight, { rtol: 1e-5, atol: 1e-7 });
    assertClose(got["layer.0.bias"]!, want.bias, { rtol: 1e-5, atol: 1e-7 });
  }
});

Deno.test("gradients are how the loss changes with each weight", async () => {
  const gpu = await sharedGpu();
  const loss = crossEntropy();
  const network = new Sequential([new Linear(INPUTS, CLASSES)]);
  using training = await startTraining(gpu, network, { ...DEEP, loss });
  const { model, trainer } = training;
  const gradients = numbersOf(await trainer.gradients(ONE_BATCH));
  const parameters = await model.parameters();
  const step = 0.05;
  const lossAt = async (name: string, i: number, change: number) => {
    const { shape, data } = parameters.get(name)!;
    const moved = Float64Array.from(data, Number);
    moved[i]! += change;
    model.load(new Map([...parameters, [name, { shape, data: moved }]]));
    return (await model.evaluate(ONE_BATCH, { loss })).loss;
  };
  for (
    const [name, i] of [["layer.0.weight", 4], ["layer.0.weight", 30], ["layer.0.bias", 1]] as const
  ) {
    const slope = (await lossAt(name, i, step) - await lossAt(name, i, -step)) / (2 * step);
    assertClose([gradients[name]![i]!], [slope], { rtol: 1e-3, atol: 1e-5 });
  }
});

Deno.test("a gradient whose norm is too large is scaled down to it, as torch's clip_grad_norm_ does", async () => {
  const gpu = await sharedGpu();
  const { gradients } = await oneStep(gpu, deep, DEEP);
  const norm = normOf(gradients);
  for (const most of [norm / 3, norm * 0.99, norm * 2]) {
    const { applied } = await oneStep(gpu, deep, { ...DEEP, clip: { norm: most } });
    const scale = Math.min(1, most / (norm + 1e-6));
    for (const [name, values] of Object.entries(gradients)) {
      assertClose(applied[name]!, values.map((value) => value * scale), CLOSE);
    }
  }
});

Deno.test("each number of a gradient is clipped, as torch's clip_grad_value_ does", async () => {
  const gpu = await sharedGpu();
  const { gradients } = await oneStep(gpu, deep, DEEP);
  const all = Object.values(gradients).flat().map(Math.abs).sort((a, b) => a - b);
  for (const value of [all[Math.floor(all.length * 0.7)]!, all.at(-1)! * 2]) {
    const { applied } = await oneStep(gpu, deep, { ...DEEP, clip: { value } });
    for (const [name, own] of Object.entries(gradients)) {
      const want = own.map((g) => Math.max(-value, Math.min(value, g)));
      assertClose(applied[name]!, want, CLOSE);
    }
  }
});

Deno.test("the norm is clipped before the numbers", async () => {
  const gpu = await sharedGpu();
  const { gradients } = await oneStep(gpu, deep, DEEP);
  const norm = normOf(gradients);
  const most = norm / 2;
  const value = Math.max(...Object.values(gradients).flat().map(Math.abs)) / 4;
  const { applied } = await oneStep(gpu, deep, { ...DEEP, clip: { norm: most, value } });
  for (const [name, own] of Object.entries(gradients)) {
    const want = own.map((g) => Math.max(-value, Math.min(value, g * most / (norm + 1e-6))));
    assertClose(applied[name]!, want, CLOSE);
  }
});

/** Three updates of 128. */
const MANY = randomPictures({ count: 384, shape: [INPUTS], classes: CLASSES, seed: 12 });

/** A network that has learned already, so that its neurons fire. */
async function firing(gpu: Gpu): Promise<Model> {
  const model = await Model.compile(gpu, deep(), { ...DEEP, timeSteps: 6 });
  const random = new Random(21);
  const parameters = await model.parameters();
  for (const [name, { data }] of parameters) {
    if (!name.endsWith("weight")) continue;
    data.forEach((_, i) => data[i] = random.uniform(-0.6, 1));
  }
  model.load(parameters);
  return model;
}

const OPTIMIZERS: Record<string, () => Pick<TrainerOptions, "optimizer" | "clip">> = {
  "SGD": () => ({ optimizer: new Sgd({ learningRate: 0.1, momentum: 0.9 }) }),
  "Adam": () => ({ optimizer: new Adam({ learningRate: 1e-3 }) }),
  "Adam, clipped": () => ({ optimizer: new Adam({ learningRate: 1e-3 }), clip: { norm: 0.01 } }),
};

for (const [name, options] of Object.entries(OPTIMIZERS)) {
  Deno.test(`four batches of 32 in an update train as one of 128: ${name}`, async () => {
    const gpu = await sharedGpu();
    const ends: Record<string, number[]>[] = [];
    for (const [batchSize, accumulate] of [[128, 1], [32, 4]] as const) {
      using model = await firing(gpu);
      const loss = rateMse();
      using trainer = new Trainer(model, { loss, batchSize, accumulate, ...options() });
      const [report] = await all(trainer.fit(MANY, { epochs: 1 }));
      assertEquals(report!.batchAccuracies.length, 3 * accumulate);
      assertEquals((await trainer.state()).updates, 3);
      ends.push(numbersOf(await model.parameters()));
    }
    using model = await firing(gpu);
    const start = numbersOf(await model.parameters());
    for (const [name, values] of Object.entries(ends[0]!)) {
      assert(values.some((value, i) => Math.abs(value - start[name]![i]!) > 1e-4), name);
      assertClose(ends[1]![name]!, values, { rtol: 0, atol: 1e-6 });
    }
  });
}

Deno.test("a training of several batches an update goes on as if it never stopped", async () => {
  const gpu = await sharedGpu();
  const options = {
    loss: rateMse(),
    batchSize: 16,
    accumulate: 4,
    optimizer: new Adam(),
    clip: { norm: 0.1 },
  };
  // 24 batches, six updates an epoch.
  using model = await firing(gpu);
  using whole = new Trainer(model, options);
  const kept: TrainerState[] = [];
  const want = await last(whole.fit(MANY, {
    epochs: 2,
    checkpointEvery: 2,
    onCheckpoint: (state) => void kept.push(throughFile(state)),
  }));
  assertEquals(
    kept.map(({ epoch, step, updates }) => [epoch, step, updates]),
    [[0, 8, 2], [0, 16, 4], [1, 8, 8], [1, 16, 10]],
  );
  const end = await whole.state();
  for (const state of [kept[0]!, kept[3]!]) {
    using other = await firing(gpu);
    using trainer = new Trainer(other, options);
    await trainer.restore(state);
    const report = await last(trainer.fit(MANY, { epochs: 2 - state.epoch }));
    assertEquals(timeless(report), timeless(want));
    assertEquals(await trainer.state(), end);
    // Steps count updates.
    await trainer.restore(state);
    const parts = await all(trainer.steps(MANY, { every: 1, epochs: 2 - state.epoch }));
    assertEquals(parts[0]!.step, state.step + 4);
    assertEquals(parts.length, (2 - state.epoch) * 6 - state.step / 4);
    assertEquals(await trainer.state(), end);
    const within = { ...state, step: 6, batches: state.batches.slice(0, 6) };
    await assertRejects(
      () => trainer.restore(within),
      RangeError,
      "it must be between two updates of 4 steps: it is after 6",
    );
  }
  // An abort waits for the end of an update.
  using stopped = await firing(gpu);
  using trainer = new Trainer(stopped, options);
  const interrupt = new AbortController();
  await last(trainer.fit(MANY, {
    epochs: 2,
    signal: interrupt.signal,
    onProgress: () => interrupt.abort(),
  }));
  const state = await trainer.state();
  assertEquals(state.step % 4, 0);
  await last(trainer.fit(MANY, { epochs: 2 - state.epoch }));
  assertEquals(await trainer.state(), end);
});
