/** Evaluations on the program of a trainer. */

import { assert, assertEquals } from "@std/assert";
import {
  Adam,
  crossEntropy,
  type Dataset,
  DirectEncoder,
  Dropout,
  type Evaluation,
  Flatten,
  LifNode,
  Linear,
  LiNode,
  Model,
  PoissonEncoder,
  rateCrossEntropy,
  rateMse,
  Sequential,
  Trainer,
  type TrainerOptions,
} from "../../mod.ts";
import { loadMnist } from "../../src/datasets/mod.ts";
import type { Loss } from "../../src/extend.ts";
import { LiveResources } from "../leaks/live_resources.ts";
import { sharedGpu } from "../support/gpu.ts";
import { firingNetwork, firingOptions, KINDS, PRESETS } from "../support/sample_kinds.ts";
import { all, last, randomPictures, startTraining, timeless } from "../support/training.ts";
import { CASES, PICTURES } from "../support/training_cases.ts";

/** Networks on samples of 12 numbers, and what they are trained with. */
const NETWORKS: Readonly<Record<string, () => { network: Sequential; loss: Loss }>> = {
  "one kernel on events": () => ({
    network: new Sequential([new Linear(12, 3), new LifNode({ vThreshold: 0.2 })]),
    loss: rateMse(),
  }),
  "two layers": () => ({ network: firingNetwork(), loss: rateCrossEntropy() }),
  "dropout of what comes in": () => ({
    network: new Sequential([new Dropout(0.3), ...firingNetwork().layers]),
    loss: rateMse(),
  }),
  "numbers over time": () => ({
    network: new Sequential([...firingNetwork().layers, new Linear(3, 3), new LiNode()]),
    loss: crossEntropy(),
  }),
};

/** What a model says that was never trained, and so has a program of its own, with the same parameters. */
async function evaluateAnew(model: Model, data: Dataset, loss?: Loss): Promise<Evaluation> {
  using other = await Model.compile(model.gpu, model.network, model.options);
  other.load(await model.parameters());
  return await other.evaluate(data, loss ? { loss } : {});
}

/** How many programs there are: each has one buffer of that name. */
const programsOf = (live: LiveResources) =>
  live.labels.filter((label) => label === "metrics").length;

for (const [name, make] of Object.entries(NETWORKS)) {
  for (const [preset, device] of Object.entries(PRESETS)) {
    Deno.test(`on a trainer's program an evaluation is what it is on its own: ${name}, ${preset} preset`, async () => {
      const gpu = await sharedGpu(device);
      const live = new LiveResources(gpu);
      for (const [kind, { encoder, data }] of Object.entries(KINDS)) {
        const { network, loss } = make();
        const optimizer = new Adam({ learningRate: 0.05 });
        const options = { ...firingOptions(encoder), loss, optimizer };
        using training = await startTraining(gpu, network, options);
        const { model, trainer } = training;
        await last(trainer.fit(data(30, 1), { epochs: 2 }));
        // The last batch isn't full, and there are more samples than it has learned from.
        const test = data(45, 2);
        const compiled = programsOf(live);
        const shared = [await model.evaluate(test), await model.evaluate(test, { loss })];
        assertEquals(programsOf(live), compiled, kind);
        assertEquals(shared, [
          await evaluateAnew(model, test),
          await evaluateAnew(model, test, loss),
        ], kind);
        assert(shared[0]!.firing[0]!.meanRate > 0);
        assert(shared[0]!.loss === 0 && shared[1]!.loss > 0);
      }
    });
  }
}

Deno.test("a network that learns from MNIST is tested on the program that it learns with", async () => {
  const gpu = await sharedGpu();
  const live = new LiveResources(gpu);
  const { train, test } = await loadMnist();
  const layers = { one: [new Linear(784, 10, { bias: false })], two: [new Linear(784, 40)] };
  for (
    const [network, encoder] of [
      [new Sequential([new Flatten(), ...layers.one, new LifNode()]), new PoissonEncoder()],
      [
        new Sequential([
          new Flatten(),
          ...layers.two,
          new LifNode(),
          new Linear(40, 10),
          new LifNode(),
        ]),
        new DirectEncoder(),
      ],
    ] as const
  ) {
    using training = await startTraining(gpu, network, {
      input: train.shape,
      encoder,
      timeSteps: 20,
      loss: rateMse(),
      optimizer: new Adam({ learningRate: 1e-2 }),
    });
    const { model, trainer } = training;
    await last(trainer.fit(train.slice(0, 3000), { epochs: 1 }));
    const compiled = programsOf(live);
    const digits = test.slice(0, 1000);
    const evaluation = await model.evaluate(digits);
    assertEquals(programsOf(live), compiled);
    assert(evaluation.accuracy > 0.6, `${evaluation.accuracy} of the digits`);
    assertEquals(evaluation, await evaluateAnew(model, digits));
  }
});

Deno.test("where a trainer's program would give other numbers, an evaluation has its own", async () => {
  const gpu = await sharedGpu();
  const live = new LiveResources(gpu);
  const { network, options } = CASES[0]!;
  const cases: readonly { trained: Partial<TrainerOptions>; asked?: Loss }[] = [
    // Other spikes are drawn in batches of another size.
    { trained: { batchSize: 10 } },
    // It doesn't run as one kernel with this loss, as it does where it answers.
    { trained: { loss: rateCrossEntropy() } },
    { trained: {}, asked: rateCrossEntropy() },
  ];
  for (const { trained, asked } of cases) {
    using model = await Model.compile(gpu, network(), options);
    using trainer = new Trainer(model, { ...options, ...trained });
    await last(trainer.fit(PICTURES, { epochs: 1 }));
    const compiled = programsOf(live);
    const evaluation = await model.evaluate(PICTURES, asked ? { loss: asked } : {});
    assertEquals(programsOf(live), compiled + 1);
    assertEquals(evaluation, await evaluateAnew(model, PICTURES, asked));
  }
});

for (const { name, network, options } of CASES) {
  Deno.test(`${name}: evaluations between the parts of a training change nothing of it`, async () => {
    const gpu = await sharedGpu();
    const whole = { ...options, accumulate: 2, clip: { norm: 0.01 } };
    using alone = await startTraining(gpu, network(), whole);
    const want = await all(alone.trainer.steps(PICTURES, { every: 1, epochs: 2 }));
    using training = await startTraining(gpu, network(), whole);
    const { model, trainer } = training;
    const got = [];
    for await (const part of trainer.steps(PICTURES, { every: 1, epochs: 2 })) {
      got.push(part);
      await model.evaluate(PICTURES.slice(0, 13));
    }
    assertEquals(got, want);
    assertEquals(await trainer.state(), await alone.trainer.state());
  });
}

Deno.test("a training and evaluations at once don't disturb each other", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[2]!;
  using alone = await startTraining(gpu, network(), options);
  const fit = { epochs: 3, test: PICTURES, checkpointEvery: 3 };
  const want = await all(alone.trainer.fit(PICTURES, fit));
  using training = await startTraining(gpu, network(), options);
  const { model, trainer } = training;
  const running = trainer.fit(PICTURES, {
    ...fit,
    // The training waits for this, so this mustn't wait for the training.
    onCheckpoint: async () => void await model.evaluate(PICTURES),
  });
  for (const { seconds: _, imagesPerSecond: __, ...report } of want) {
    const evaluations = Array.from({ length: 3 }, () => model.evaluate(PICTURES));
    const next = running.next();
    const { value } = await next;
    assertEquals(timeless(value!), report);
    await Promise.all(evaluations);
    // Between epochs all say the same.
    for (const evaluation of await Promise.all([0, 1].map(() => model.evaluate(PICTURES)))) {
      assertEquals(evaluation, { ...report.test!, loss: 0 });
    }
  }
});

Deno.test("an evaluation outlives the trainer whose program it runs on", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[0]!;
  const many = randomPictures({ count: 4000, shape: [12], classes: 3, seed: 1 });
  using model = await Model.compile(gpu, network(), options);
  const live = new LiveResources(gpu);
  const trainer = new Trainer(model, options);
  await last(trainer.fit(PICTURES, { epochs: 1 }));
  const want = await evaluateAnew(model, many);
  const running = model.evaluate(many);
  trainer.dispose();
  assertEquals(await running, want);
  await Promise.resolve();
  assertEquals(live.labels, []);
  // The next one has a program of its own.
  assertEquals(await model.evaluate(many), want);
  assert(live.labels.length > 0);
});
