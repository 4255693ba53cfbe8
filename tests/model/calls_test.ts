/** Calls at the same time. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  Dataset,
  DirectEncoder,
  eventDataset,
  EventEncoder,
  Gpu,
  LifNode,
  Linear,
  Model,
  type ModelOptions,
  PoissonEncoder,
  rateMse,
  Sequential,
  valueMse,
} from "../../mod.ts";
import { Random } from "../../src/extend.ts";
import { all, randomPictures, startTraining, timeless } from "../support/training.ts";
import { CASES, PICTURES } from "../support/training_cases.ts";

const SIZE = 12;
const STEPS = 9;

/** Samples of each kind, of other numbers each time: what comes later needs more room than what came before. */
const KINDS: Record<string, { encoder: ModelOptions["encoder"]; data: (i: number) => Dataset }> = {
  "bytes as spikes": {
    encoder: new PoissonEncoder(),
    data: (i) => randomPictures({ count: 3 + 7 * i, shape: [SIZE], classes: 3, seed: i }),
  },
  "bytes as they are": {
    encoder: new DirectEncoder(),
    data: (i) => randomPictures({ count: 3 + 7 * i, shape: [SIZE], classes: 3, seed: i }),
  },
  "floats over time": {
    encoder: new DirectEncoder(),
    data(i) {
      const random = new Random(i);
      const count = 3 + 7 * i;
      const data = Float32Array.from(
        { length: count * STEPS * SIZE },
        () => random.uniform(0, 2),
      );
      return new Dataset({
        shape: [SIZE],
        content: { kind: "floats", data, timeSteps: STEPS },
        labels: Uint8Array.from({ length: count }, (_, sample) => sample % 3),
      });
    },
  },
  "events": {
    encoder: new EventEncoder({ stepDuration: 10 }),
    data(i) {
      const random = new Random(i);
      const recordings = Array.from({ length: 3 + 7 * i }, (_, sample) => ({
        places: Array.from({ length: 20 }, () => random.below(SIZE)),
        times: Array.from({ length: 20 }, () => random.uniform(0, 100)),
        label: sample % 3,
      }));
      return eventDataset(recordings, { shape: [SIZE] });
    },
  },
};

/** A network whose neurons fire. */
async function compile(gpu: Gpu, encoder: ModelOptions["encoder"]): Promise<Model> {
  const network = new Sequential([
    new Linear(SIZE, 7),
    new LifNode({ vThreshold: 0.3 }),
    new Linear(7, 3),
    new LifNode({ vThreshold: 0.2 }),
  ]);
  return await Model.compile(gpu, network, {
    input: [SIZE],
    encoder,
    timeSteps: STEPS,
    batchSize: 4,
  });
}

for (const [name, { encoder, data }] of Object.entries(KINDS)) {
  Deno.test(`eight records and predicts at once equal those one after another: ${name}`, async () => {
    using gpu = await Gpu.request();
    const sets = Array.from({ length: 8 }, (_, i) => data(i));
    const calls = (model: Model) =>
      sets.flatMap((set): (() => Promise<unknown>)[] => [
        () => model.record(set.take([set.count - 1])),
        () => model.predict(set),
      ]);
    using one = await compile(gpu, encoder);
    const want: unknown[] = [];
    for (const call of calls(one)) want.push(await call());
    assertNotEquals(want[0], want[2]);
    assertEquals(await Promise.all(calls(one).map((call) => call())), want);
    // With nothing compiled before.
    using other = await compile(gpu, encoder);
    assertEquals(await Promise.all(calls(other).map((call) => call())), want);
    // The other way round: the largest first.
    const reversed = calls(other).reverse().map((call) => call());
    assertEquals((await Promise.all(reversed)).reverse(), want);
  });

  Deno.test(`evaluations at once equal those one after another: ${name}`, async () => {
    using gpu = await Gpu.request();
    const sets = [data(1), data(6), data(3)];
    const loss = rateMse();
    const calls = (model: Model) =>
      sets.flatMap((set): (() => Promise<unknown>)[] => [
        () => model.evaluate(set),
        () => model.evaluate(set, { loss }),
        () => model.predict(set),
      ]);
    using one = await compile(gpu, encoder);
    const want: unknown[] = [];
    for (const call of calls(one)) want.push(await call());
    const { firing } = want[0] as Awaited<ReturnType<Model["evaluate"]>>;
    assert(firing[0]!.meanRate > 0);
    assertEquals(await Promise.all(calls(one).map((call) => call())), want);
    using other = await compile(gpu, encoder);
    assertEquals(await Promise.all(calls(other).map((call) => call())), want);
  });
}

Deno.test("a call that fails doesn't keep others from coming after it", async () => {
  using gpu = await Gpu.request();
  using model = await compile(gpu, new DirectEncoder());
  const set = KINDS["bytes as they are"]!.data(2);
  const want = await model.evaluate(set);
  const results = await Promise.allSettled([
    model.evaluate(set, { loss: valueMse() }),
    model.evaluate(set),
    model.evaluate(randomPictures({ count: 2, shape: [3], classes: 2, seed: 1 })),
    model.evaluate(set),
  ]);
  assertEquals(results.map(({ status }) => status), [
    "rejected",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  for (const i of [1, 3]) assertEquals((results[i] as { value: unknown }).value, want);
});

Deno.test("what is asked while a training runs doesn't change what it learns", async () => {
  using gpu = await Gpu.request();
  for (const { network, options } of CASES) {
    using alone = await startTraining(gpu, network(), options);
    const want = await all(alone.trainer.fit(PICTURES, { epochs: 3, test: PICTURES }));
    using training = await startTraining(gpu, network(), options);
    const { model, trainer } = training;
    let ends = false;
    const asking = (async () => {
      while (!ends) {
        await Promise.all([
          model.predict(PICTURES),
          model.record(PICTURES.take([1])),
          model.evaluate(PICTURES),
          trainer.gradients(PICTURES.slice(0, 5)),
        ]);
      }
    })();
    const reports = await all(trainer.fit(PICTURES, { epochs: 3, test: PICTURES }));
    ends = true;
    await asking;
    assertEquals(reports.map(timeless), want.map(timeless));
    assertEquals(await trainer.state(), await alone.trainer.state());
  }
});
