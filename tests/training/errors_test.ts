import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  Adam,
  crossEntropy,
  DirectEncoder,
  Gpu,
  type ImageDataset,
  LifNode,
  Linear,
  PoissonEncoder,
  rateMse,
  Sequential,
  Trainer,
  type TrainerOptions,
} from "../../mod.ts";

const COUNT = 5;
const DATASET: ImageDataset = {
  images: new Uint8Array(COUNT * 6).fill(200),
  labels: Uint8Array.of(0, 1, 2, 0, 1),
  count: COUNT,
  height: 2,
  width: 3,
  classes: 3,
};

const OPTIONS: TrainerOptions = {
  encoder: new PoissonEncoder(),
  timeSteps: 4,
  batchSize: 2,
  loss: rateMse(),
  optimizer: new Adam(),
};

const network = () => new Sequential([new Linear(6, 3), new LifNode()]);

const WRONG: readonly (readonly [keyof TrainerOptions, number, string])[] = [
  ...(["timeSteps", "batchSize"] as const).flatMap((name) =>
    [0, -1, 2.5, NaN, Infinity].map((value) =>
      [name, value, `${name} must be an integer of at least 1`] as const
    )
  ),
  ...[-1, 0.5, NaN, 2 ** 32].map((value) =>
    ["seed", value, "seed must be an integer of 0 to 2^32 - 1"] as const
  ),
];

for (const [name, value, reason] of WRONG) {
  Deno.test(`a Trainer takes no ${name} of ${value}`, () => {
    // The device isn't looked at.
    const error = assertThrows(
      () => new Trainer({} as Gpu, network(), { ...OPTIONS, [name]: value }),
      RangeError,
    );
    assertEquals(error.message, `Cannot create a Trainer as ${reason}: current value is ${value}`);
  });
}

const BAD_DATA: readonly (readonly [Partial<ImageDataset>, string])[] = [
  [
    { count: 0 },
    "Cannot use a data set as count must be an integer of at least 1: current value is 0",
  ],
  [
    { count: 4 },
    "Cannot use a data set as images must be [count, height * width], 4 x 6 numbers: it has 30",
  ],
  [
    { width: NaN },
    "Cannot use a data set as width must be an integer of at least 1: current value is NaN",
  ],
  [
    { labels: new Uint8Array(3) },
    "Cannot use a data set as labels must be [count], 5 numbers: it has 3",
  ],
  [
    { classes: 2 },
    "Cannot use a data set as labels must be less than its classes, 2: that of image 2 is 2",
  ],
  [{ classes: 4 }, "Cannot use a data set of 4 classes as the network has 3 outputs"],
  [
    { width: 2, images: new Uint8Array(20) },
    "Cannot compile layer 0 (Linear 6 to 3) as it takes 6 features: it gets 4",
  ],
];

Deno.test("a data set that doesn't fit is refused before anything is made", async (test) => {
  using gpu = await Gpu.request();
  const { device } = gpu;
  let made = 0;
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => (made++, createBuffer(descriptor));
  for (const [change, message] of BAD_DATA) {
    await test.step(message, async () => {
      const dataset = { ...DATASET, ...change };
      using trainer = new Trainer(gpu, network(), { ...OPTIONS, batchSize: 1 });
      for (
        const call of [
          () => trainer.evaluate(dataset),
          () => trainer.fit(dataset, { epochs: 1 }).next(),
          () => trainer.fit(dataset, { epochs: 1, test: DATASET }).next(),
        ]
      ) {
        const error = await assertRejects(call, RangeError);
        assertEquals(error.message, message);
      }
      assertEquals(made, 0);
    });
  }
});

Deno.test("images to test with that don't fit are refused before the first step", async (test) => {
  using gpu = await Gpu.request();
  const { queue } = gpu.device;
  let submits = 0;
  const submit = queue.submit.bind(queue);
  queue.submit = (commands) => {
    submits++;
    submit(commands);
  };
  using trainer = new Trainer(gpu, network(), OPTIONS);
  for (const [change, reason] of BAD_DATA) {
    // The plan is there already.
    const message = reason.includes("layer 0")
      ? "Cannot use images of 4 pixels as the network was compiled for 6"
      : reason;
    await test.step(message, async () => {
      const error = await assertRejects(
        () => trainer.fit(DATASET, { epochs: 1, test: { ...DATASET, ...change } }).next(),
        RangeError,
      );
      assertEquals(error.message, message);
      assertEquals(submits, 0);
    });
  }
});

Deno.test("what fit is given is checked before the first step", async () => {
  using gpu = await Gpu.request();
  using trainer = new Trainer(gpu, network(), OPTIONS);
  for (const epochs of [0, NaN, 1.5]) {
    await assertRejects(
      () => trainer.fit(DATASET, { epochs }).next(),
      RangeError,
      `Cannot train as epochs must be an integer of at least 1: current value is ${epochs}`,
    );
  }
  const one = { ...DATASET, images: new Uint8Array(6), labels: new Uint8Array(1), count: 1 };
  await assertRejects(
    () => trainer.fit(one, { epochs: 1 }).next(),
    RangeError,
    "Cannot train as a batch of 2 needs as many images: there are 1",
  );
  const scheduler = { name: "none", rate: () => NaN };
  using lost = new Trainer(gpu, network(), { ...OPTIONS, scheduler });
  await assertRejects(
    () => lost.fit(DATASET, { epochs: 1 }).next(),
    RangeError,
    "Cannot train as the scheduler's learning rate must be a finite number: current value is NaN",
  );
});

Deno.test("a network without neurons gives its values and records no spikes", async () => {
  using gpu = await Gpu.request();
  using trainer = new Trainer(gpu, new Sequential([new Linear(6, 3)]), {
    ...OPTIONS,
    encoder: new DirectEncoder(),
    loss: crossEntropy(),
  });
  const { scores, layers } = await trainer.record(DATASET, 0);
  assertEquals(scores.length, 3);
  assertEquals(layers, []);
  for (const index of [-1, 5, 0.5, NaN]) {
    await assertRejects(
      () => trainer.record(DATASET, index),
      RangeError,
      `Cannot classify image ${index} as there are 5, from 0`,
    );
  }
});

Deno.test("each call on a trainer that was disposed of says so", async () => {
  using gpu = await Gpu.request();
  const trainer = new Trainer(gpu, network(), OPTIONS);
  const running = trainer.fit(DATASET, { epochs: 3 });
  assertEquals((await running.next()).value!.epoch, 1);
  trainer.dispose();
  for (
    const call of [
      () => running.next(),
      () => trainer.fit(DATASET, { epochs: 1 }).next(),
      () => trainer.evaluate(DATASET),
      () => trainer.record(DATASET, 0),
    ]
  ) {
    const error = await assertRejects(call, TypeError);
    assertEquals(error.message, "Cannot use a trainer that was disposed of");
  }
  trainer.dispose();
});

Deno.test("a trainer that is disposed of while it compiles leaves nothing behind", async () => {
  using gpu = await Gpu.request();
  const { device } = gpu;
  let alive = 0;
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    alive++;
    buffer.destroy = () => {
      alive--;
      destroy();
    };
    return buffer;
  };
  const trainer = new Trainer(gpu, network(), OPTIONS);
  const running = trainer.evaluate(DATASET);
  trainer.dispose();
  await assertRejects(() => running, TypeError, "Cannot use a trainer that was disposed of");
  assertEquals(alive, 0);
});
