import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  Adam,
  crossEntropy,
  decodeCheckpoint,
  DirectEncoder,
  DivergedError,
  encodeCheckpoint,
  type EpochReport,
  Gpu,
  GpuLostError,
  type ImageDataset,
  LifNode,
  Linear,
  ParametricLifNode,
  PoissonEncoder,
  Random,
  rateMse,
  Sequential,
  Sgd,
  Trainer,
  type TrainerOptions,
  type TrainerState,
} from "../../mod.ts";

const random = new Random(5);
const COUNT = 50;
const DATASET: ImageDataset = {
  images: Uint8Array.from({ length: COUNT * 12 }, () => Math.floor(random.uniform(0, 256))),
  labels: Uint8Array.from({ length: COUNT }, (_, i) => i % 3),
  count: COUNT,
  height: 3,
  width: 4,
  classes: 3,
};

/** A network that runs as one kernel a step, and one of several layers with all kinds of parameters. */
const CASES: readonly { name: string; network: () => Sequential; options: TrainerOptions }[] = [
  {
    name: "one layer, Adam",
    network: () => new Sequential([new Linear(12, 3, { bias: false }), new LifNode()]),
    options: {
      encoder: new PoissonEncoder(),
      timeSteps: 10,
      batchSize: 5,
      loss: rateMse(),
      optimizer: new Adam({ learningRate: 0.05 }),
    },
  },
  {
    name: "two layers, SGD with momentum",
    network: () =>
      new Sequential([
        new Linear(12, 7),
        new ParametricLifNode(),
        new Linear(7, 3),
        new LifNode({ detachReset: true }),
      ]),
    options: {
      encoder: new DirectEncoder(),
      timeSteps: 6,
      batchSize: 5,
      loss: rateMse(),
      optimizer: new Sgd({ learningRate: 0.5, momentum: 0.9 }),
      seed: 7,
    },
  },
];

/** The state as a checkpoint gives it back: what a file doesn't keep is lost. */
const throughFile = (state: TrainerState): TrainerState =>
  decodeCheckpoint(encodeCheckpoint({ state, options: {} })).state;

const last = async (reports: AsyncIterable<EpochReport>) => {
  let report: EpochReport | undefined;
  for await (report of reports);
  return report!;
};

const timeless = ({ seconds: _, imagesPerSecond: __, ...rest }: EpochReport) => rest;

for (const { name, network, options } of CASES) {
  Deno.test(`${name}: a training that goes on equals one that never stopped`, async () => {
    using gpu = await Gpu.request();
    using whole = new Trainer(gpu, network(), options);
    const kept: TrainerState[] = [];
    const want = await last(whole.fit(DATASET, {
      epochs: 3,
      test: DATASET,
      checkpointEvery: 3,
      onCheckpoint: (state) => void kept.push(throughFile(state)),
    }));
    const end = await whole.state();
    // An epoch has 10 steps: after its last one it is over, and no checkpoint within it.
    assertEquals(
      kept.map(({ epoch, step }) => [epoch, step]),
      [0, 1, 2].flatMap((epoch) => [3, 6, 9].map((step) => [epoch, step])),
    );
    for (const state of [kept[0]!, kept[4]!, kept[8]!]) {
      using other = new Trainer(gpu, network(), options);
      await other.restore(state);
      const epochs = 3 - state.epoch;
      const report = await last(other.fit(DATASET, { epochs, test: DATASET }));
      assertEquals(timeless(report), timeless(want));
      assertEquals(await other.state(), end);
    }
    // A trainer that has a plan already takes over another state too.
    await whole.restore(kept[4]!);
    assertEquals(
      timeless(await last(whole.fit(DATASET, { epochs: 2, test: DATASET }))),
      timeless(want),
    );
  });

  Deno.test(`${name}: after an abort nothing is lost`, async () => {
    using gpu = await Gpu.request();
    using whole = new Trainer(gpu, network(), options);
    const want = await last(whole.fit(DATASET, { epochs: 2 }));
    using stopped = new Trainer(gpu, network(), options);
    const interrupt = new AbortController();
    const onProgress = () => interrupt.abort();
    for await (
      const _ of stopped.fit(DATASET, { epochs: 2, signal: interrupt.signal, onProgress })
    );
    const state = throughFile(await stopped.state());
    assert(state.epoch < 2);
    using resumed = new Trainer(gpu, network(), options);
    await resumed.restore(state);
    assertEquals(
      timeless(await last(resumed.fit(DATASET, { epochs: 2 - state.epoch }))),
      timeless(want),
    );
    assertEquals(await resumed.state(), await whole.state());
  });
}

Deno.test("parameters are named and laid out as PyTorch's", async () => {
  using gpu = await Gpu.request();
  const { network, options } = CASES[1]!;
  using trainer = new Trainer(gpu, network(), options);
  await last(trainer.fit(DATASET, { epochs: 1 }));
  const { parameters, optimizer } = await trainer.state();
  const shapes = (tensors: TrainerState["parameters"]) =>
    Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
  assertEquals(shapes(parameters), {
    "layer.0.weight": [7, 12],
    "layer.0.bias": [7],
    "layer.1.w": [],
    "layer.2.weight": [3, 7],
    "layer.2.bias": [3],
  });
  assertEquals(shapes(optimizer), {
    "layer.0.weight.velocity": [7, 12],
    "layer.0.bias.velocity": [7],
    "layer.1.w.velocity": [],
    "layer.2.weight.velocity": [3, 7],
    "layer.2.bias.velocity": [3],
  });
});

Deno.test("a weight [outputs, inputs] connects its input with its output", async () => {
  using gpu = await Gpu.request();
  const data: ImageDataset = {
    images: Uint8Array.of(255, 0, 0, 0, 255, 0),
    labels: Uint8Array.of(0, 1),
    count: 2,
    height: 1,
    width: 3,
    classes: 2,
  };
  const network = new Sequential([new Linear(3, 2, { bias: false }), new LifNode({ tau: 2 })]);
  using trainer = new Trainer(gpu, network, {
    ...CASES[1]!.options,
    batchSize: 1,
    timeSteps: 4,
    optimizer: new Sgd(),
  });
  // Output 0 gets 3 from input 0, so h = 1.5 at each step; output 1 gets 1 from input 1.
  const weight = Float32Array.of(3, 0, 0, 0, 1, 0);
  await trainer.restore({
    epoch: 0,
    step: 0,
    updates: 0,
    batches: [],
    parameters: new Map([["layer.0.weight", { shape: [2, 3], data: weight }]]),
    optimizer: new Map(),
  });
  const first = await trainer.record(data, 0);
  assertEquals(first.answer, 0);
  assertEquals([...first.scores], [1, 0]);
  assertEquals([...first.layers[0]!.spikes], [1, 0, 1, 0, 1, 0, 1, 0]);
  const second = await trainer.record(data, 1);
  // v = 1/2, 3/4, 7/8, 15/16: it never reaches 1.
  assertEquals([...second.layers[0]!.potential], [0, 0.5, 0, 0.75, 0, 0.875, 0, 0.9375]);
  assertEquals([...second.layers[0]!.spikes], new Array(8).fill(0));
});

Deno.test("an evaluation tells who was taken for whom, and who fired how often", async () => {
  using gpu = await Gpu.request();
  for (const { network, options } of CASES) {
    using trainer = new Trainer(gpu, network(), options);
    const report = await last(trainer.fit(DATASET, { epochs: 2, test: DATASET }));
    const { answers, confusion, accuracy, firing } = report.test!;
    assertEquals(answers.length, COUNT);
    const right = answers.filter((answer, i) => answer === DATASET.labels[i]).length;
    assertEquals(accuracy, right / COUNT);
    const want = new Uint32Array(9);
    answers.forEach((answer, i) => want[3 * DATASET.labels[i]! + answer]!++);
    assertEquals(confusion, want);
    const again = await trainer.evaluate(DATASET);
    assertEquals(again, report.test);
    if (!(options.encoder instanceof DirectEncoder)) continue;
    // With direct coding nothing is random: each image alone gives the same.
    const layers = network().layers.flatMap((layer, i) => layer.kind === "Linear" ? [] : [i]);
    assertEquals(firing.map(({ layer }) => layer), layers);
    const sums = firing.map(({ rates }) => new Float64Array(rates.length));
    for (let i = 0; i < COUNT; i++) {
      const { answer, layers } = await trainer.record(DATASET, i);
      assertEquals(answer, answers[i]);
      layers.forEach(({ features, spikes }, l) =>
        spikes.forEach((spike, at) => sums[l]![at % features]! += spike)
      );
    }
    firing.forEach(({ rates, meanRate, silent }, l) => {
      const exact = sums[l]!.map((sum) => sum / COUNT / options.timeSteps);
      assertEquals(rates, Float32Array.from(exact));
      assertEquals(silent, exact.filter((rate) => rate === 0).length);
      const mean = exact.reduce((sum, rate) => sum + rate, 0) / rates.length;
      assert(Math.abs(meanRate - mean) < 1e-12);
    });
  }
});

Deno.test("a state that doesn't fit is refused", async () => {
  using gpu = await Gpu.request();
  const { network, options } = CASES[0]!;
  using trainer = new Trainer(gpu, network(), options);
  await assertRejects(() => trainer.state(), TypeError, "has not trained yet");
  await last(trainer.fit(DATASET, { epochs: 1 }));
  const state = await trainer.state();
  const wrong = (change: Partial<TrainerState>) => trainer.restore({ ...state, ...change });
  await assertRejects(() => wrong({ epoch: -1 }), RangeError, "epoch must be an integer");
  await assertRejects(() => wrong({ step: 2 }), RangeError, "a report of each of 2 steps");
  await assertRejects(
    () => wrong({ parameters: new Map() }),
    TypeError,
    'its tensor "layer.0.weight" is missing',
  );
  const short = { shape: [3, 11], data: new Float32Array(33) };
  await assertRejects(
    () => wrong({ parameters: new Map([["layer.0.weight", short]]) }),
    TypeError,
    'its tensor "layer.0.weight" must be float32 [3, 12]: it is Float32Array [3, 11]',
  );
  await assertRejects(
    () => wrong({ optimizer: new Map() }),
    TypeError,
    'its tensor "layer.0.weight.first_moment" is missing',
  );
  assertEquals(await trainer.state(), state);
});

Deno.test("a loss that is no number ends the training", async () => {
  using gpu = await Gpu.request();
  using trainer = new Trainer(gpu, new Sequential([new Linear(12, 3)]), {
    encoder: new DirectEncoder(),
    timeSteps: 1,
    batchSize: 5,
    loss: crossEntropy(),
    optimizer: new Sgd({ learningRate: 1e38 }),
  });
  const error = await assertRejects(
    () => last(trainer.fit(DATASET, { epochs: 1 })),
    DivergedError,
    "the learning rate, 1e+38, is too high",
  );
  assertEquals(error.epoch, 1);
  assert(error.step > 1 && error.step <= 10);
});

Deno.test("a parameter that is no number ends the training, even if the spikes hide it", async () => {
  using gpu = await Gpu.request();
  const layers = [
    new Linear(12, 6, { bias: true }),
    new LifNode(),
    new Linear(6, 3),
    new LifNode(),
  ];
  using trainer = new Trainer(gpu, new Sequential(layers), {
    encoder: new DirectEncoder(),
    timeSteps: 4,
    batchSize: 5,
    loss: rateMse(),
    optimizer: new Sgd({ learningRate: 3e38, momentum: 0.9 }),
  });
  const kept: TrainerState[] = [];
  const error = await assertRejects(
    () =>
      last(trainer.fit(DATASET, {
        epochs: 3,
        checkpointEvery: 1,
        onCheckpoint: (state) => void kept.push(state),
      })),
    DivergedError,
  );
  assertMatch(
    error.message,
    /^Cannot go on training as layer \d \(Linear\) has a parameter that is (NaN|-?Infinity) in epoch 1, step \d+: /,
  );
  for (const { parameters } of kept) {
    for (const { data } of parameters.values()) {
      assert(Array.from(data, Number).every(Number.isFinite));
    }
  }
  await assertRejects(() => trainer.state(), DivergedError);
});

Deno.test("a training goes on with another device after the first is lost", async () => {
  const { network, options } = CASES[0]!;
  using gpu = await Gpu.request();
  using trainer = new Trainer(gpu, network(), options);
  let kept: TrainerState | undefined;
  await assertRejects(
    () =>
      last(trainer.fit(DATASET, {
        // The device may have been done with all of the second one already.
        epochs: 3,
        checkpointEvery: 4,
        onCheckpoint(state) {
          if (kept?.epoch === 1) return;
          kept = state;
          if (state.epoch === 1) gpu.device.destroy();
        },
      })),
    GpuLostError,
  );
  assertEquals([kept!.epoch, kept!.step], [1, 4]);
  using other = await Gpu.request();
  using resumed = new Trainer(other, network(), options);
  await resumed.restore(kept!);
  const report = await last(resumed.fit(DATASET, { epochs: 1 }));
  using whole = new Trainer(other, network(), options);
  assertEquals(timeless(report), timeless(await last(whole.fit(DATASET, { epochs: 2 }))));
});
