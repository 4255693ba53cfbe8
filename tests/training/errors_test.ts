import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  Adam,
  Dataset,
  type Gpu,
  LifNode,
  Linear,
  Model,
  type ModelOptions,
  PoissonEncoder,
  rateMse,
  Sequential,
  Trainer,
  type TrainerOptions,
} from "../../mod.ts";
import { eventDataset, imageDataset } from "../../src/datasets/mod.ts";
import { LiveResources } from "../leaks/live_resources.ts";
import { sharedGpu } from "../support/gpu.ts";
import { startTraining, type TrainingOptions } from "../support/training.ts";

const COUNT = 5;
const LABELS = [0, 1, 2, 0, 1];
const PIXELS = new Uint8Array(COUNT * 6).fill(200);
const DATASET = imageDataset(PIXELS, { shape: [6], labels: LABELS });

const MODEL: ModelOptions = { input: [6], encoder: new PoissonEncoder(), timeSteps: 4 };
const TRAINER: TrainerOptions = { loss: rateMse(), optimizer: new Adam(), batchSize: 2 };
const OPTIONS: TrainingOptions = { ...MODEL, ...TRAINER };

const network = () => new Sequential([new Linear(6, 3), new LifNode()]);

const COUNTS = [0, -1, 2.5, NaN, Infinity];
const SEEDS = [-1, 0.5, NaN, 2 ** 32];
const countReason = (name: string) => `${name} must be an integer of at least 1`;
const seedReason = "seed must be an integer of 0 to 2^32 - 1";

for (
  const [name, values, reason] of [
    ["timeSteps", COUNTS, countReason("timeSteps")],
    ["batchSize", COUNTS, countReason("batchSize")],
    ["seed", SEEDS, seedReason],
  ] as const
) {
  Deno.test(`a Model takes no ${name} of ${values.join(", ")}`, async () => {
    for (const value of values) {
      // The device isn't looked at.
      const error = await assertRejects(
        () => Model.compile({} as Gpu, network(), { ...MODEL, [name]: value }),
        RangeError,
      );
      assertEquals(error.message, `Cannot compile a model as ${reason}: current value is ${value}`);
    }
  });
}

for (
  const [name, values, reason] of [
    ["batchSize", COUNTS, countReason("batchSize")],
    ["accumulate", COUNTS, countReason("accumulate")],
    ["seed", SEEDS, seedReason],
  ] as const
) {
  Deno.test(`a Trainer takes no ${name} of ${values.join(", ")}`, () => {
    const model = { options: { batchSize: 128, seed: 1 } } as Model;
    for (const value of values) {
      const error = assertThrows(
        () => new Trainer(model, { ...TRAINER, [name]: value }),
        RangeError,
      );
      assertEquals(
        error.message,
        `Cannot create a Trainer as ${reason}: current value is ${value}`,
      );
    }
  });
}

Deno.test("a Trainer clips by numbers above 0", () => {
  const model = { options: { batchSize: 128, seed: 1 } } as Model;
  for (const name of ["norm", "value"]) {
    for (const value of [0, -1, NaN, Infinity]) {
      assertThrows(
        () => new Trainer(model, { ...TRAINER, clip: { [name]: value } }),
        RangeError,
        `Cannot create a Trainer as clip.${name} must be`,
      );
    }
  }
});

const BAD_DATA: readonly (readonly [Dataset, typeof RangeError | typeof TypeError, string])[] = [
  [
    imageDataset(PIXELS, { shape: [6], labels: LABELS, classes: 4 }),
    RangeError,
    "Cannot use a data set of 4 classes as the network has 3 outputs",
  ],
  [
    imageDataset(PIXELS.subarray(0, 20), { shape: [4], labels: LABELS }),
    RangeError,
    "Cannot use a data set of samples of [4] as the network was compiled for [6]",
  ],
  [
    imageDataset(PIXELS, { shape: [2, 3], labels: LABELS }),
    RangeError,
    "Cannot use a data set of samples of [2, 3] as the network was compiled for [6]",
  ],
  [
    imageDataset(PIXELS, { shape: [6] }),
    TypeError,
    "Cannot use a data set without labels here: predict() needs none",
  ],
  [
    eventDataset(LABELS.map((label) => ({ places: [], times: [], label })), { shape: [6] }),
    TypeError,
    'Cannot use a data set of events as the encoder "poisson" takes bytes or floats',
  ],
];

Deno.test("a data set that doesn't fit is refused before anything is made", async (test) => {
  const gpu = await sharedGpu();
  const live = new LiveResources(gpu);
  for (const [dataset, type, message] of BAD_DATA) {
    await test.step(message, async () => {
      using training = await startTraining(gpu, network(), { ...OPTIONS, batchSize: 1 });
      const { model, trainer } = training;
      const { made } = live;
      for (
        const call of [
          () => model.evaluate(dataset),
          () => trainer.fit(dataset, { epochs: 1 }).next(),
          () => trainer.fit(dataset, { epochs: 1, test: DATASET }).next(),
          () => trainer.fit(DATASET, { epochs: 1, test: dataset }).next(),
          () => trainer.steps(dataset).next(),
          () => trainer.gradients(dataset.take([0])),
        ]
      ) {
        const error = await assertRejects(call, type);
        assertEquals(error.message, message);
      }
      assertEquals(live.made, made);
    });
  }
});

Deno.test("a data set whose classes were changed to ones it hasn't is refused", async () => {
  const gpu = await sharedGpu();
  using training = await startTraining(gpu, network(), OPTIONS);
  const { model, trainer } = training;
  const labels = [...LABELS];
  const dataset = imageDataset(PIXELS, { shape: [6], labels });
  await model.evaluate(dataset);
  labels[2] = 3;
  for (
    const call of [
      () => model.evaluate(dataset),
      () => trainer.fit(dataset, { epochs: 1 }).next(),
      () => trainer.fit(DATASET, { epochs: 1, test: dataset }).next(),
    ]
  ) {
    await assertRejects(call, RangeError, "that of sample 2 is 3");
  }
});

Deno.test("samples to test with that don't fit are refused before the first step", async (test) => {
  const gpu = await sharedGpu();
  const { queue } = gpu.device;
  let submits = 0;
  const submit = queue.submit.bind(queue);
  queue.submit = (commands) => {
    submits++;
    submit(commands);
  };
  using training = await startTraining(gpu, network(), OPTIONS);
  for (const [dataset, type, message] of BAD_DATA) {
    await test.step(message, async () => {
      const error = await assertRejects(
        () => training.trainer.fit(DATASET, { epochs: 1, test: dataset }).next(),
        type,
      );
      assertEquals(error.message, message);
      assertEquals(submits, 0);
    });
  }
});

Deno.test("a trainer takes samples of one kind: others are refused before the first step", async () => {
  const gpu = await sharedGpu();
  using training = await startTraining(gpu, network(), OPTIONS);
  const { trainer } = training;
  const floats = new Dataset({
    shape: [6],
    content: { kind: "floats", data: Float32Array.from(PIXELS, (byte) => byte / 255) },
    labels: LABELS,
  });
  const before = await trainer.state();
  await assertRejects(
    () => trainer.fit(DATASET, { epochs: 1, test: floats }).next(),
    TypeError,
    "Cannot test on floats as this trainer was compiled for bytes",
  );
  for (const call of ["fit", "steps"] as const) {
    await assertRejects(
      () => trainer[call](floats, { epochs: 1 }).next(),
      TypeError,
      "Cannot train on floats as this trainer was compiled for bytes",
    );
  }
  assertEquals((await trainer.state()).parameters, before.parameters);
  // Gradients have a program for each.
  const [two, same] = [DATASET.slice(0, 2), floats.slice(0, 2)];
  assertEquals(await trainer.gradients(same), await trainer.gradients(two));
});

Deno.test("what fit and steps are given is checked before the first step", async () => {
  const gpu = await sharedGpu();
  using training = await startTraining(gpu, network(), OPTIONS);
  const { trainer } = training;
  for (const value of [0, NaN, 1.5]) {
    const reason = (name: string) =>
      `Cannot train as ${name} must be an integer of at least 1: current value is ${value}`;
    for (
      const [call, name] of [
        [() => trainer.fit(DATASET, { epochs: value }).next(), "epochs"],
        [
          () => trainer.fit(DATASET, { epochs: 1, checkpointEvery: value }).next(),
          "checkpointEvery",
        ],
        [() => trainer.steps(DATASET, { epochs: value }).next(), "epochs"],
        [() => trainer.steps(DATASET, { every: value }).next(), "every"],
      ] as const
    ) await assertRejects(call, RangeError, reason(name));
  }
  await assertRejects(
    () => trainer.fit(DATASET.take([0]), { epochs: 1 }).next(),
    RangeError,
    "Cannot train as a batch of 2 needs as many samples: there are 1",
  );
  using many = await startTraining(gpu, network(), { ...OPTIONS, accumulate: 3 });
  await assertRejects(
    () => many.trainer.fit(DATASET, { epochs: 1 }).next(),
    RangeError,
    "Cannot train as a batch of 6 needs as many samples: there are 5",
  );
  const scheduler = { name: "none", rate: () => NaN };
  using lost = await startTraining(gpu, network(), { ...OPTIONS, scheduler });
  for (const call of ["fit", "steps"] as const) {
    await assertRejects(
      () => lost.trainer[call](DATASET, { epochs: 1 }).next(),
      RangeError,
      "Cannot train as the scheduler's learning rate must be a finite number: current value is NaN",
    );
  }
  await assertRejects(
    () => trainer.gradients(DATASET),
    RangeError,
    "Cannot take the gradients of 5 samples at once as a batch holds 2",
  );
});

Deno.test("each call on a trainer that was disposed of says so", async () => {
  const gpu = await sharedGpu();
  using training = await startTraining(gpu, network(), OPTIONS);
  const { trainer, model } = training;
  const running = trainer.fit(DATASET, { epochs: 3 });
  assertEquals((await running.next()).value!.epoch, 1);
  const state = await trainer.state();
  trainer.dispose();
  for (
    const call of [
      () => running.next(),
      () => trainer.fit(DATASET, { epochs: 1 }).next(),
      () => trainer.steps(DATASET).next(),
      () => trainer.gradients(DATASET.take([0])),
      () => trainer.state(),
      () => trainer.restore(state),
    ]
  ) {
    const error = await assertRejects(call, TypeError);
    assertEquals(error.message, "Cannot use a trainer that was disposed of");
  }
  trainer.dispose();
  // The model is there as before.
  assertEquals(await model.parameters(), state.parameters);
  await model.evaluate(DATASET);
});

Deno.test("a trainer whose model was disposed of says so", async () => {
  const gpu = await sharedGpu();
  using training = await startTraining(gpu, network(), OPTIONS);
  const { trainer, model } = training;
  const running = trainer.steps(DATASET);
  assertEquals((await running.next()).value!.step, 1);
  model.dispose();
  for (
    const call of [
      () => running.next(),
      () => trainer.fit(DATASET, { epochs: 1 }).next(),
      () => trainer.steps(DATASET).next(),
      () => trainer.gradients(DATASET.take([0])),
      () => trainer.state(),
    ]
  ) {
    const error = await assertRejects(call, TypeError);
    assertEquals(error.message, "Cannot use a model that was disposed of");
  }
});

Deno.test("a trainer that is disposed of while it compiles leaves nothing behind", async () => {
  const gpu = await sharedGpu();
  const live = new LiveResources(gpu);
  using model = await Model.compile(gpu, network(), MODEL);
  const kept = live.labels;
  for (const call of ["fit", "steps"] as const) {
    const trainer = new Trainer(model, TRAINER);
    const running = trainer[call](DATASET, { epochs: 1 }).next();
    trainer.dispose();
    await assertRejects(() => running, TypeError, "Cannot use a trainer that was disposed of");
    assertEquals(live.labels, kept);
  }
});

Deno.test("a trainer whose state can't be restored leaves nothing behind", async () => {
  const gpu = await sharedGpu();
  const live = new LiveResources(gpu);
  using model = await Model.compile(gpu, network(), MODEL);
  const kept = live.labels;
  const trainer = new Trainer(model, TRAINER);
  const parameters = await model.parameters();
  await assertRejects(
    async () => {
      const state = {
        epoch: 1,
        step: 0,
        updates: 2,
        batches: [],
        optimizer: new Map(),
        parameters,
      };
      await trainer.restore(state);
      await trainer.fit(DATASET, { epochs: 1 }).next();
    },
    TypeError,
    "first_moment",
  );
  assertEquals(live.labels, kept);
});
