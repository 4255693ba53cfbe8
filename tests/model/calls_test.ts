/** Calls at the same time. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { DirectEncoder, type Model, rateMse, valueMse } from "../../mod.ts";
import { sharedGpu } from "../support/gpu.ts";
import { firingModel, KINDS, PRESETS } from "../support/sample_kinds.ts";
import { all, randomPictures, startTraining, timeless } from "../support/training.ts";
import { CASES, PICTURES } from "../support/training_cases.ts";

for (const [name, { encoder, data }] of Object.entries(KINDS)) {
  for (const [preset, device] of Object.entries(PRESETS)) {
    Deno.test(`eight records and predicts at once equal those one after another: ${name}, ${preset} preset`, async () => {
      const gpu = await sharedGpu(device);
      // What comes later needs more room than what came before.
      const sets = Array.from({ length: 8 }, (_, i) => data(3 + 7 * i, i));
      const calls = (model: Model) =>
        sets.flatMap((set): (() => Promise<unknown>)[] => [
          () => model.record(set.take([set.count - 1])),
          () => model.predict(set),
        ]);
      using one = await firingModel(gpu, encoder);
      const want: unknown[] = [];
      for (const call of calls(one)) want.push(await call());
      assertNotEquals(want[0], want[2]);
      assertEquals(await Promise.all(calls(one).map((call) => call())), want);
      // With nothing compiled before.
      using other = await firingModel(gpu, encoder);
      assertEquals(await Promise.all(calls(other).map((call) => call())), want);
      // The other way round: the largest first.
      const reversed = calls(other).reverse().map((call) => call());
      assertEquals((await Promise.all(reversed)).reverse(), want);
    });

    Deno.test(`evaluations at once equal those one after another: ${name}, ${preset} preset`, async () => {
      const gpu = await sharedGpu(device);
      const sets = [data(10, 1), data(45, 6), data(24, 3)];
      const loss = rateMse();
      const calls = (model: Model) =>
        sets.flatMap((set): (() => Promise<unknown>)[] => [
          () => model.evaluate(set),
          () => model.evaluate(set, { loss }),
          () => model.predict(set),
        ]);
      using one = await firingModel(gpu, encoder);
      const want: unknown[] = [];
      for (const call of calls(one)) want.push(await call());
      const { firing } = want[0] as Awaited<ReturnType<Model["evaluate"]>>;
      assert(firing[0]!.meanRate > 0);
      assertEquals(await Promise.all(calls(one).map((call) => call())), want);
      using other = await firingModel(gpu, encoder);
      assertEquals(await Promise.all(calls(other).map((call) => call())), want);
    });
  }
}

Deno.test("a call that fails doesn't keep others from coming after it", async () => {
  const gpu = await sharedGpu();
  using model = await firingModel(gpu, new DirectEncoder());
  const set = KINDS["bytes as they are"]!.data(17, 2);
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
  const gpu = await sharedGpu();
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
