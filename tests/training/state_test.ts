import { assert, assertEquals, assertRejects } from "@std/assert";
import { Gpu, GpuLostError, LifNode, Linear, Sequential, Sgd } from "../../mod.ts";
import { imageDataset } from "../../src/datasets/mod.ts";
import type { TrainerState } from "../../mod.ts";
import { sharedGpu } from "../support/gpu.ts";
import { last, startTraining, throughFile, timeless } from "../support/training.ts";
import { CASES, PICTURES } from "../support/training_cases.ts";

for (const { name, network, options } of CASES) {
  Deno.test(`${name}: a training that goes on equals one that never stopped`, async () => {
    const gpu = await sharedGpu();
    using training = await startTraining(gpu, network(), options);
    const whole = training.trainer;
    const kept: TrainerState[] = [];
    const want = await last(whole.fit(PICTURES, {
      epochs: 3,
      test: PICTURES,
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
      using other = await startTraining(gpu, network(), options);
      await other.trainer.restore(state);
      const epochs = 3 - state.epoch;
      const report = await last(other.trainer.fit(PICTURES, { epochs, test: PICTURES }));
      assertEquals(timeless(report), timeless(want));
      assertEquals(await other.trainer.state(), end);
    }
    // A trainer that has a program already takes over another state too.
    await whole.restore(kept[4]!);
    assertEquals(
      timeless(await last(whole.fit(PICTURES, { epochs: 2, test: PICTURES }))),
      timeless(want),
    );
  });

  Deno.test(`${name}: after an abort nothing is lost`, async () => {
    const gpu = await sharedGpu();
    using whole = await startTraining(gpu, network(), options);
    const want = await last(whole.trainer.fit(PICTURES, { epochs: 2 }));
    using stopped = await startTraining(gpu, network(), options);
    const interrupt = new AbortController();
    const onProgress = () => interrupt.abort();
    for await (
      const _ of stopped.trainer.fit(PICTURES, { epochs: 2, signal: interrupt.signal, onProgress })
    );
    const state = throughFile(await stopped.trainer.state());
    assert(state.epoch < 2);
    using resumed = await startTraining(gpu, network(), options);
    await resumed.trainer.restore(state);
    assertEquals(
      timeless(await last(resumed.trainer.fit(PICTURES, { epochs: 2 - state.epoch }))),
      timeless(want),
    );
    assertEquals(await resumed.trainer.state(), await whole.trainer.state());
  });
}

Deno.test("parameters are named and laid out as PyTorch's", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[1]!;
  using training = await startTraining(gpu, network(), options);
  await last(training.trainer.fit(PICTURES, { epochs: 1 }));
  const { parameters, optimizer } = await training.trainer.state();
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
  const gpu = await sharedGpu();
  const data = imageDataset(Uint8Array.of(255, 0, 0, 0, 255, 0), { shape: [3], labels: [0, 1] });
  const network = new Sequential([new Linear(3, 2, { bias: false }), new LifNode({ tau: 2 })]);
  using training = await startTraining(gpu, network, {
    ...CASES[1]!.options,
    input: [3],
    batchSize: 1,
    timeSteps: 4,
    optimizer: new Sgd(),
  });
  // Output 0 gets 3 from input 0, so h = 1.5 at each step; output 1 gets 1 from input 1.
  const weight = Float32Array.of(3, 0, 0, 0, 1, 0);
  const { model, trainer } = training;
  await trainer.restore({
    epoch: 0,
    step: 0,
    updates: 0,
    batches: [],
    parameters: new Map([["layer.0.weight", { shape: [2, 3], data: weight }]]),
    optimizer: new Map(),
  });
  const first = await model.record(data.take([0]));
  assertEquals(first.answer, 0);
  assertEquals([...first.scores], [1, 0]);
  assertEquals(first.layers.map(({ layer, kind }) => [layer, kind]), [
    ["layer.0", "Linear"],
    ["layer.1", "LifNode"],
  ]);
  assertEquals([...first.layers[0]!.values!], [3, 0, 3, 0, 3, 0, 3, 0]);
  assertEquals([...first.layers[1]!.spikes!], [1, 0, 1, 0, 1, 0, 1, 0]);
  const second = await model.record(data.take([1]));
  // v = 1/2, 3/4, 7/8, 15/16: it never reaches 1.
  assertEquals([...second.layers[1]!.traces["v"]!], [0, 0.5, 0, 0.75, 0, 0.875, 0, 0.9375]);
  assertEquals([...second.layers[1]!.spikes!], new Array(8).fill(0));
});

Deno.test("a state that doesn't fit is refused", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[0]!;
  using training = await startTraining(gpu, network(), options);
  const { trainer } = training;
  await last(trainer.fit(PICTURES, { epochs: 1 }));
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
  await assertRejects(
    () =>
      wrong({
        optimizer: new Map([...state.optimizer, ["layer.0.weight.second_moment", short]]),
      }),
    TypeError,
    'its tensor "layer.0.weight.second_moment" must be float32 [3, 12]',
  );
  assertEquals(await trainer.state(), state);
});

Deno.test("a state after more steps than an epoch has is refused before the first step", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[0]!;
  using training = await startTraining(gpu, network(), options);
  const { trainer } = training;
  const interrupt = new AbortController();
  let kept: TrainerState | undefined;
  await last(trainer.fit(PICTURES, {
    epochs: 1,
    signal: interrupt.signal,
    checkpointEvery: 9,
    onCheckpoint: (state) => void (kept = state),
  }));
  await trainer.restore(kept!);
  for (
    const call of [
      () => trainer.fit(PICTURES.slice(0, 40), { epochs: 1 }).next(),
      () => trainer.steps(PICTURES.slice(0, 40)).next(),
    ]
  ) {
    await assertRejects(
      call,
      RangeError,
      "Cannot train as the epoch under way has 8 steps: the restored state is after 9",
    );
  }
  assertEquals(await trainer.state(), kept);
});

Deno.test("a state before the first step is that of the seed, and can be restored", async () => {
  const gpu = await sharedGpu();
  for (const { network, options } of CASES) {
    using training = await startTraining(gpu, network(), options);
    const { model, trainer } = training;
    const first = await trainer.state();
    assertEquals([first.epoch, first.step, first.updates, first.batches], [0, 0, 0, []]);
    assertEquals(first.parameters, await model.parameters());
    assertEquals(first.optimizer, new Map());
    const want = await last(trainer.fit(PICTURES, { epochs: 2 }));
    const end = await trainer.state();
    // The optimizer starts anew, too.
    await trainer.restore(throughFile(first));
    assertEquals((await trainer.state()).parameters, first.parameters);
    assertEquals(timeless(await last(trainer.fit(PICTURES, { epochs: 2 }))), timeless(want));
    assertEquals(await trainer.state(), end);
    using other = await startTraining(gpu, network(), { ...options, seed: 99 });
    using same = await startTraining(gpu, network(), options);
    assert(
      (await other.model.parameters()).get("layer.0.weight")!.data[0] !==
        first.parameters.get("layer.0.weight")!.data[0],
    );
    assertEquals(await same.model.parameters(), first.parameters);
  }
});

Deno.test("weights of another program train without an optimizer's tensors, if there was no update", async () => {
  const gpu = await sharedGpu();
  for (const { network, options } of CASES) {
    using teacher = await startTraining(gpu, network(), { ...options, seed: 3 });
    const parameters = await teacher.model.parameters();
    const state = { epoch: 0, step: 0, updates: 0, batches: [], optimizer: new Map(), parameters };
    const reports = [];
    for (const trainsBefore of [false, true]) {
      using training = await startTraining(gpu, network(), options);
      const { model, trainer } = training;
      if (trainsBefore) await last(trainer.fit(PICTURES, { epochs: 1 }));
      await trainer.restore(state);
      assertEquals(await model.parameters(), parameters);
      assertEquals((await trainer.state()).parameters, parameters);
      const { accuracy } = await model.evaluate(PICTURES);
      assert(accuracy >= 0 && accuracy <= 1);
      const report = timeless(await last(trainer.fit(PICTURES, { epochs: 2, test: PICTURES })));
      reports.push({ report, end: await trainer.state() });
    }
    // What another optimizer kept before is gone.
    assertEquals(reports[1], reports[0]);
  }
});

Deno.test("a state after updates names what its optimizer lacks, before or after the first step", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[0]!;
  using teacher = await startTraining(gpu, network(), options);
  await last(teacher.trainer.fit(PICTURES, { epochs: 1 }));
  const state = { ...await teacher.trainer.state(), optimizer: new Map() };
  const reason =
    'Cannot restore the state of a training as its tensor "layer.0.weight.first_moment" is missing';
  using training = await startTraining(gpu, network(), options);
  const { trainer, model } = training;
  const before = await model.parameters();
  await assertRejects(
    async () => {
      await trainer.restore(state);
      await trainer.fit(PICTURES, { epochs: 1 }).next();
    },
    TypeError,
    reason,
  );
  using other = await startTraining(gpu, network(), options);
  await last(other.trainer.fit(PICTURES, { epochs: 1 }));
  await assertRejects(() => other.trainer.restore(state), TypeError, reason);
  assert(before.has("layer.0.weight"));
});

Deno.test("a training goes on with another device after the first is lost", async () => {
  const { network, options } = CASES[0]!;
  using gpu = await Gpu.request();
  using training = await startTraining(gpu, network(), options);
  let kept: TrainerState | undefined;
  await assertRejects(
    () =>
      last(training.trainer.fit(PICTURES, {
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
  using resumed = await startTraining(other, network(), options);
  await resumed.trainer.restore(kept!);
  const report = await last(resumed.trainer.fit(PICTURES, { epochs: 1 }));
  using whole = await startTraining(other, network(), options);
  assertEquals(
    timeless(report),
    timeless(await last(whole.trainer.fit(PICTURES, { epochs: 2 }))),
  );
});
