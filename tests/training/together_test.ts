import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import {
  Adam,
  BatchNorm2d,
  type Collective,
  Conv2d,
  DirectEncoder,
  Dropout,
  type EpochReport,
  Flatten,
  LifNode,
  Linear,
  localCollectives,
  MaxPool2d,
  PoissonEncoder,
  rateMse,
  Sequential,
  Sgd,
  type TrainerState,
} from "../../mod.ts";
import { loadMnist } from "../../src/datasets/mod.ts";
import { wordOf } from "../../src/training/snapshot.ts";
import { sharedGpu } from "../support/gpu.ts";
import { atOnce, startTogether } from "../support/together.ts";
import {
  all,
  last,
  startTraining,
  throughFile,
  timeless,
  type TrainingOptions,
} from "../support/training.ts";

const { train, test } = await loadMnist();
/** Shares of 7, 7 and 6. */
const BATCH = 20;
/** Ten steps, and a test whose last batch has a single picture. */
const TRAIN = train.slice(0, 10 * BATCH);
const TEST = test.slice(0, 2 * BATCH + 1);

const BASE = {
  input: [1, 28, 28],
  timeSteps: 6,
  batchSize: BATCH,
  loss: rateMse(),
  optimizer: new Adam(),
} as const;

const SIZES = [1, 2, 3, 7];

interface Case {
  readonly name: string;
  readonly network: () => Sequential;
  readonly options: TrainingOptions;
  /** How many trainers. */
  readonly sizes: readonly number[];
}

const CASES: readonly Case[] = [
  {
    name: "784-10, Poisson, Adam",
    network: () => new Sequential([new Flatten(), new Linear(784, 10), new LifNode()]),
    options: { ...BASE, encoder: new PoissonEncoder() },
    sizes: SIZES,
  },
  {
    name: "784-10, plain, updates of two batches, clipped",
    network: () => new Sequential([new Flatten(), new Linear(784, 10), new LifNode()]),
    options: {
      ...BASE,
      variants: "plain",
      encoder: new PoissonEncoder(),
      optimizer: new Sgd({ learningRate: 0.1, momentum: 0.9 }),
      accumulate: 2,
      clip: { norm: 0.05 },
    },
    sizes: [2],
  },
  {
    name: "784-800-10, dropout",
    network: () =>
      new Sequential([
        ...[new Flatten(), new Linear(784, 800), new LifNode(), new Dropout(0.2)],
        ...[new Linear(800, 10), new LifNode()],
      ]),
    // Not Adam, which makes a whole step of the least gradient: another rounding may be one spike more.
    options: {
      ...BASE,
      encoder: new DirectEncoder(),
      optimizer: new Sgd({ learningRate: 0.5, momentum: 0.9 }),
    },
    sizes: SIZES,
  },
  {
    name: "convolution and pool",
    network: () =>
      new Sequential([
        ...[new Conv2d(1, 4, { kernelSize: 5 }), new LifNode(), new MaxPool2d(4)],
        ...[new Flatten(), new Linear(144, 10), new LifNode()],
      ]),
    options: { ...BASE, encoder: new DirectEncoder() },
    sizes: SIZES,
  },
];

/** The largest difference of two states' parameters, and the largest parameter. */
function differenceOf(one: TrainerState, other: TrainerState) {
  let difference = 0;
  let largest = 0;
  for (const [name, { data }] of one.parameters) {
    const others = other.parameters.get(name)!.data as Float32Array;
    (data as Float32Array).forEach((value, i) => {
      difference = Math.max(difference, Math.abs(value - others[i]!));
      largest = Math.max(largest, Math.abs(value));
    });
  }
  return { difference, largest };
}

/** What the command line prints of an epoch. */
const line = (
  { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy }: EpochReport,
) => [epoch, trainLoss.toFixed(5), trainAccuracy, testLoss.toFixed(5), testAccuracy];

for (const { name, network, options, sizes } of CASES) {
  Deno.test(`${name}: ${sizes.join(", ")} trainers learn what one does, and report the same`, async () => {
    const gpu = await sharedGpu();
    using alone = await startTraining(gpu, network(), options);
    const before = await alone.trainer.state();
    const want = await last(alone.trainer.fit(TRAIN, { epochs: 1, test: TEST }));
    const end = await alone.trainer.state();
    assert(differenceOf(end, before).difference > 1e-4, "nothing was learned");
    for (const size of sizes) {
      using together = await startTogether(gpu, network, options, size);
      const { trainings } = together;
      const reports = await atOnce(
        trainings,
        ({ trainer }) => last(trainer.fit(TRAIN, { epochs: 1, test: TEST })),
      );
      const states = await atOnce(trainings, ({ trainer }) => trainer.state());
      const { difference } = differenceOf(states[0]!, end);
      assert(difference <= 1e-6, `weights differ by ${difference}`);
      // Sums of shares have other roundings; who exchanges with nobody, none.
      assertEquals(difference === 0, size === 1, `weights of ${size} differ by ${difference}`);
      for (const [i, report] of reports.entries()) {
        assertEquals(line(report), line(want));
        assertEquals(report.batchAccuracies, want.batchAccuracies);
        assertEquals(report.test!.answers, want.test!.answers);
        assertEquals(report.test!.firing, want.test!.firing);
        // Replicas: the same bits.
        assertEquals(timeless(report), timeless(reports[0]!));
        assertEquals(wordOf(states[i]!), wordOf(states[0]!));
      }
    }
  });
}

const [{ network, options }] = CASES as [Case];

Deno.test("a signal for one of two trainers stops both after the same step; one goes on alone", async () => {
  const gpu = await sharedGpu();
  using alone = await startTraining(gpu, network(), options);
  const want = await last(alone.trainer.fit(TRAIN, { epochs: 1, test: TEST }));
  using together = await startTogether(gpu, network, options, 2);
  const stop = new AbortController();
  const reports = await atOnce(together.trainings, ({ trainer }, rank) =>
    all(trainer.fit(TRAIN, {
      epochs: 1,
      test: TEST,
      ...rank === 1
        ? { signal: stop.signal, onProgress: ({ step }) => step === 4 && stop.abort() }
        : {},
    })));
  assertEquals(reports, [[], []]);
  const states = await atOnce(together.trainings, ({ trainer }) => trainer.state());
  assertEquals(states[0]!.step, 5);
  assertEquals(states[1], states[0]);
  using further = await startTraining(gpu, network(), options);
  await further.trainer.restore(throughFile(states[0]!));
  assertEquals(line(await last(further.trainer.fit(TRAIN, { epochs: 1, test: TEST }))), line(want));
});

Deno.test("a signal in the test pass or between two epochs stops both", async () => {
  const gpu = await sharedGpu();
  for (const when of ["tested", "yielded"]) {
    using together = await startTogether(gpu, network, options, 2);
    const stop = new AbortController();
    const counts = await atOnce(together.trainings, async ({ trainer }, rank) => {
      let count = 0;
      const reports = trainer.fit(TRAIN, {
        epochs: 2,
        test: TEST,
        signal: rank === 0 ? stop.signal : new AbortController().signal,
        onProgress: ({ step }) => step === 10 && when === "tested" && stop.abort(),
      });
      for await (const _ of reports) {
        count++;
        if (when === "yielded") stop.abort();
      }
      const { epoch, step } = await trainer.state();
      return { count, epoch, step };
    });
    const want = when === "tested"
      ? { count: 0, epoch: 0, step: 10 }
      : { count: 1, epoch: 1, step: 0 };
    assertEquals(counts, [want, want]);
  }
});

Deno.test("steps over several trainers, and checkpoints within an epoch, are those of fit", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[1]!;
  using fitted = await startTogether(gpu, network, options, 2);
  const kept: TrainerState[] = [];
  await atOnce(fitted.trainings, ({ trainer }, rank) =>
    last(trainer.fit(TRAIN, {
      epochs: 1,
      checkpointEvery: 2,
      ...rank === 0 ? { onCheckpoint: (state) => void kept.push(state) } : {},
    })));
  assertEquals(kept.map(({ step }) => step), [4, 8]);
  using together = await startTogether(gpu, network, options, 2);
  await atOnce(together.trainings, async ({ trainer }) => {
    const parts = trainer.steps(TRAIN, { every: 2, epochs: 1 });
    for (const state of kept) {
      assertEquals((await parts.next()).value?.step, state.step);
      assertEquals(await trainer.state(), state);
    }
    assertEquals((await parts.next()).value?.step, 10);
    assertEquals(await trainer.state(), await fitted.trainings[0]!.trainer.state());
    assertEquals(await parts.next(), { done: true, value: undefined });
  });
});

Deno.test("a trainer that starts or ends with something else is found by all", async () => {
  const gpu = await sharedGpu();
  using together = await startTogether(gpu, network, options, 2);
  const [, second] = together.trainings;
  const errors = (work: () => Promise<unknown>[], message: string) =>
    Promise.all(work().map((one) => assertRejects(() => one, Error, message)));
  const fit = (samples = [TRAIN, TRAIN]) =>
    together.trainings.map(({ trainer }, i) => last(trainer.fit(samples[i]!, { epochs: 1 })));
  await errors(() => fit([TRAIN, train.slice(0, 9 * BATCH)]), "process 1 would start from other");
  const state = await second!.trainer.state();
  const weight = state.parameters.get("layer.1.weight")!;
  (weight.data as Float32Array)[7]! += 1e-6;
  await second!.trainer.restore(state);
  await errors(() => fit(), "process 1 would start from other");

  // A sum that isn't the same for all, as an exchange that is broken gives it.
  const broken = localCollectives(2).map((collective): Collective => ({
    ...collective,
    async allReduceSum(values) {
      await collective.allReduceSum(values);
      if (collective.rank === 1 && values.length > 1000) values[3]! += 1e-3;
    },
  }));
  using apart = await startTogether(gpu, network, options, broken);
  await errors(
    () => apart.trainings.map(({ trainer }) => last(trainer.fit(TRAIN, { epochs: 1 }))),
    "process 1 learned something else than process 0 at the end of epoch 1",
  );
});

Deno.test("processes that average after each update of SGD learn what one does", async () => {
  const gpu = await sharedGpu();
  const own = { ...options, optimizer: new Sgd({ learningRate: 0.1, momentum: 0.9 }) };
  using alone = await startTraining(gpu, network(), own);
  const want = await last(alone.trainer.fit(TRAIN, { epochs: 1, test: TEST }));
  const end = await alone.trainer.state();
  // Shares of 7, 7 and 6, and of 10.
  for (const size of [2, 3]) {
    using together = await startTogether(gpu, network, { ...own, averageEvery: 1 }, size);
    const reports = await atOnce(
      together.trainings,
      ({ trainer }) => last(trainer.fit(TRAIN, { epochs: 1, test: TEST })),
    );
    const states = await atOnce(together.trainings, ({ trainer }) => trainer.state());
    const { difference } = differenceOf(states[0]!, end);
    assert(difference > 0 && difference <= 1e-6, `weights of ${size} differ by ${difference}`);
    for (const report of reports) assertEquals(line(report), line(want));
  }
});

Deno.test("averaged every 4 updates: replicas, checkpoints and a stop come between rounds", async () => {
  const gpu = await sharedGpu();
  const own = { ...options, averageEvery: 4 };
  const [fitted, stopped, further] = [
    await startTogether(gpu, network, own, 2),
    await startTogether(gpu, network, own, 2),
    await startTogether(gpu, network, own, 2),
  ];
  using stack = new DisposableStack();
  for (const one of [fitted, stopped, further]) stack.use(one);
  const kept: number[] = [];
  const reports = await atOnce(fitted.trainings, ({ trainer }, rank) =>
    all(trainer.fit(TRAIN, {
      epochs: 2,
      test: TEST,
      checkpointEvery: 3,
      ...rank === 1 ? { onCheckpoint: ({ step }) => void kept.push(step) } : {},
    })));
  // Rounds of 4, 4 and 2 steps.
  assertEquals(kept, [4, 8, 4, 8]);
  const states = await atOnce(fitted.trainings, ({ trainer }) => trainer.state());
  assertEquals(wordOf(states[1]!), wordOf(states[0]!));
  assertEquals(reports[1]!.map(timeless), reports[0]!.map(timeless));

  const stop = new AbortController();
  await atOnce(stopped.trainings, ({ trainer }, rank) =>
    all(trainer.fit(TRAIN, {
      epochs: 2,
      test: TEST,
      ...rank === 0
        ? { signal: stop.signal, onProgress: ({ step }) => step === 4 && stop.abort() }
        : {},
    })));
  const [left] = await atOnce(stopped.trainings, ({ trainer }) => trainer.state());
  assertEquals(left!.step, 8);
  await atOnce(further.trainings, async ({ trainer }) => {
    await trainer.restore(throughFile(left!));
    await all(trainer.fit(TRAIN, { epochs: 2, test: TEST }));
    assertEquals(await trainer.state(), states[0]);
  });
});

Deno.test("averaged every so many updates, processes train with batch norm", async () => {
  const gpu = await sharedGpu();
  const own = { ...options, encoder: new DirectEncoder(), averageEvery: 4 };
  using together = await startTogether(gpu, normed, own, 2);
  const [first] = together.trainings;
  const before = await first!.trainer.state();
  const reports = await atOnce(
    together.trainings,
    ({ trainer }) => last(trainer.fit(TRAIN, { epochs: 1, test: TEST })),
  );
  const states = await atOnce(together.trainings, ({ trainer }) => trainer.state());
  assertEquals(states.map(wordOf), Array(2).fill(wordOf(states[0]!)));
  for (const report of reports) assertEquals(timeless(report), timeless(reports[0]!));
  const meanOf = ({ parameters }: TrainerState) => parameters.get("layer.1.running_mean")!.data;
  assertNotEquals(meanOf(states[0]!), meanOf(before));
});

/** A network whose statistics follow from batches. */
const normed = () =>
  new Sequential([
    ...[new Conv2d(1, 2, { kernelSize: 5 }), new BatchNorm2d(2), new LifNode()],
    ...[new Flatten(), new Linear(1152, 10), new LifNode()],
  ]);

Deno.test("batch norm and batches too small for all are refused by name", async () => {
  const gpu = await sharedGpu();
  const own = { ...options, encoder: new DirectEncoder() };
  await assertRejects(
    () => startTogether(gpu, normed, own, 2),
    TypeError,
    'for 2 processes as layer.1 keeps "running_mean" of its batches',
  );
  // One process has its batches whole.
  (await startTogether(gpu, normed, own, 1))[Symbol.dispose]();
  await assertRejects(
    () => startTogether(gpu, network, { ...options, batchSize: 2 }, 3),
    RangeError,
    "for 3 processes as a batch has 2 samples",
  );
  await assertRejects(
    () => startTogether(gpu, network, { ...options, averageEvery: 0 }, 2),
    RangeError,
    "averageEvery must be an integer of at least 1",
  );
});

Deno.test("trainers of one process add up in the order of their ranks, and say what doesn't fit", async () => {
  const [first, second] = localCollectives(2);
  const one = Float64Array.of(1, 2);
  const sum = first!.allReduceSum(one);
  await assertRejects(() => first!.allReduceSum(one), TypeError, "asked for a sum already");
  const two = Float64Array.of(10, 20);
  await second!.allReduceSum(two);
  await sum;
  assertEquals([...one, ...two], [11, 22, 11, 22]);
  const wrong = first!.allReduceSum(new Float32Array(3));
  await assertRejects(() => second!.allReduceSum(new Float32Array(4)), RangeError, "3, 4 numbers");
  await assertRejects(() => wrong, RangeError);
  assertThrows(() => localCollectives(0), RangeError, "size");
});
