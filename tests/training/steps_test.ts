import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { TrainerState, TrainingPart } from "../../mod.ts";
import { sharedGpu } from "../support/gpu.ts";
import { all, last, startTraining, throughFile, timeless } from "../support/training.ts";
import { CASES, PICTURES } from "../support/training_cases.ts";

for (const { name, network, options } of CASES) {
  Deno.test(`${name}: steps over epochs equal fit over them, bit for bit`, async () => {
    const gpu = await sharedGpu();
    using whole = await startTraining(gpu, network(), options);
    const reports = await all(whole.trainer.fit(PICTURES, { epochs: 2 }));
    const end = await whole.trainer.state();
    for (const every of [1, 8, 10, 25]) {
      using training = await startTraining(gpu, network(), options);
      const parts = await all(training.trainer.steps(PICTURES, { every, epochs: 2 }));
      // A part ends where an epoch does.
      const stops = Array.from({ length: 10 }, (_, i) => i + 1)
        .filter((step) => step % every === 0 || step === 10);
      assertEquals(
        parts.map(({ epoch, step, steps }) => [epoch, step, steps]),
        [1, 2].flatMap((epoch) => stops.map((step) => [epoch, step, 10])),
      );
      assertEquals(
        parts.map(({ learningRate }) => learningRate),
        parts.map(() => options.optimizer.learningRate),
      );
      assertEquals(await training.trainer.state(), end);
      for (const [i, { batchAccuracies, trainLoss }] of reports.entries()) {
        const own = parts.filter(({ epoch }) => epoch === i + 1);
        // Loss and accuracy of these steps alone.
        own.forEach(({ accuracy, step }, part) => {
          const first = part === 0 ? 0 : own[part - 1]!.step;
          const steps = [...batchAccuracies.subarray(first, step)];
          const mean = steps.reduce((sum, own) => sum + own, 0) / steps.length;
          assert(Math.abs(accuracy - mean) < 1e-12, `${accuracy} is not ${mean}`);
        });
        const loss = own.reduce((sum, { loss, step }, part) =>
          sum + loss * (step - (own[part - 1]?.step ?? 0)), 0) / 10;
        assert(Math.abs(loss - trainLoss) < 1e-12 * trainLoss, `${loss} is not ${trainLoss}`);
      }
    }
  });

  Deno.test(`${name}: the loss of a part is that of its own steps`, async () => {
    const gpu = await sharedGpu();
    using alone = await startTraining(gpu, network(), options);
    const single = await all(alone.trainer.steps(PICTURES, { epochs: 1 }));
    using training = await startTraining(gpu, network(), options);
    const parts = await all(training.trainer.steps(PICTURES, { every: 4, epochs: 1 }));
    const meanOf = (from: number, to: number) =>
      single.slice(from, to).reduce((sum, { loss }) => sum + loss, 0) / (to - from);
    const want = [meanOf(0, 4), meanOf(4, 8), meanOf(8, 10)];
    parts.forEach(({ loss }, i) => assert(Math.abs(loss - want[i]!) < 1e-12 * want[i]!));
    assertEquals(parts.length, 3);
    // They aren't the means since the epoch began.
    if (name !== "two layers, SGD with momentum") assertNotEquals(want[1], meanOf(0, 8));
  });

  Deno.test(`${name}: steps that stop and go on with fit equal fit alone, bit for bit`, async () => {
    const gpu = await sharedGpu();
    using whole = await startTraining(gpu, network(), options);
    const want = await last(whole.trainer.fit(PICTURES, { epochs: 3, test: PICTURES }));
    const end = await whole.trainer.state();
    for (const [every, stop] of [[1, 3], [4, 4], [8, 18]] as const) {
      using training = await startTraining(gpu, network(), options);
      const { trainer, model } = training;
      let steps = 0;
      let part: TrainingPart | undefined;
      for await (part of trainer.steps(PICTURES, { every })) {
        steps = 10 * (part.epoch - 1) + part.step;
        // The training rests: what is asked now doesn't disturb it.
        if (steps === stop) await model.predict(PICTURES.slice(0, 7));
        if (steps === stop) break;
      }
      assertEquals(steps, stop);
      const state = await trainer.state();
      assertEquals(state.updates, stop);
      assertEquals([state.epoch, state.step], [part!.epoch - 1, part!.step]);
      assertEquals(state.parameters, await model.parameters());
      const epochs = 3 - state.epoch;
      const report = await last(trainer.fit(PICTURES, { epochs, test: PICTURES }));
      assertEquals(timeless(report), timeless(want));
      assertEquals(await trainer.state(), end);
      // Another trainer goes on from there too.
      using resumed = await startTraining(gpu, network(), options);
      await resumed.trainer.restore(throughFile(state));
      const parts = await all(resumed.trainer.steps(PICTURES, { every, epochs }));
      assertEquals(parts[0]!.epoch, state.epoch + 1);
      assertEquals(await resumed.trainer.state(), end);
    }
  });
}

Deno.test("a state after the last step of an epoch goes on with the next one", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[0]!;
  using whole = await startTraining(gpu, network(), options);
  await last(whole.trainer.fit(PICTURES, { epochs: 2 }));
  const end = await whole.trainer.state();
  using stopped = await startTraining(gpu, network(), options);
  const interrupt = new AbortController();
  // The test that follows the last step is left out.
  await last(stopped.trainer.fit(PICTURES, {
    epochs: 1,
    test: PICTURES,
    signal: interrupt.signal,
    onProgress({ step, steps }) {
      if (step === steps) interrupt.abort();
    },
  }));
  const state = await stopped.trainer.state();
  if (state.step > 0) {
    assertEquals([state.epoch, state.step], [0, 10]);
    // The first of them is over already.
    assertEquals((await all(stopped.trainer.steps(PICTURES, { epochs: 2 }))).length, 10);
  } else await last(stopped.trainer.fit(PICTURES, { epochs: 1 }));
  assertEquals(await stopped.trainer.state(), end);
});

Deno.test("a trainer does one training at a time", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[0]!;
  using training = await startTraining(gpu, network(), options);
  const { trainer } = training;
  const refused = async () => {
    for (
      const call of [
        () => trainer.fit(PICTURES, { epochs: 1 }).next(),
        () => trainer.steps(PICTURES).next(),
      ]
    ) {
      await assertRejects(call, TypeError, "Cannot train as this trainer is training already");
    }
  };
  const steps = trainer.steps(PICTURES);
  await steps.next();
  await refused();
  await steps.return();
  const fit = trainer.fit(PICTURES, { epochs: 2 });
  await fit.next();
  await refused();
  await fit.return();
  // Both at once, from the start.
  const calls = await Promise.allSettled([
    trainer.steps(PICTURES).next(),
    trainer.fit(PICTURES, { epochs: 1 }).next(),
  ]);
  assertEquals(calls.map(({ status }) => status), ["fulfilled", "rejected"]);
  // The rest of the first epoch, and a step of the second.
  assertEquals((await trainer.state()).updates, 11);
});

Deno.test("a part that failed leaves the trainer as it is, for another to go on", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[0]!;
  using training = await startTraining(gpu, network(), options);
  const { trainer } = training;
  await assertRejects(() => trainer.steps(PICTURES.slice(0, 3)).next(), RangeError);
  const { value } = await trainer.steps(PICTURES).next();
  assertEquals(value!.step, 1);
});

Deno.test("training of any chunks, and with any checkpoints, gives the same numbers", async () => {
  const gpu = await sharedGpu();
  for (const { network, options } of CASES) {
    for (const variants of ["auto", "plain"] as const) {
      using whole = await startTraining(gpu, network(), { ...options, variants });
      const want = await all(whole.trainer.fit(PICTURES, { epochs: 2, test: PICTURES }));
      const end = await whole.trainer.state();
      for (const checkpointEvery of [1, 7]) {
        using training = await startTraining(gpu, network(), { ...options, variants });
        const kept: TrainerState[] = [];
        const reports = await all(training.trainer.fit(PICTURES, {
          epochs: 2,
          test: PICTURES,
          checkpointEvery,
          onCheckpoint: (state) => void kept.push(state),
        }));
        assertEquals(reports.map(timeless), want.map(timeless));
        assertEquals(await training.trainer.state(), end);
        const count = Math.floor(9 / checkpointEvery);
        assertEquals(
          kept.map(({ step, updates, batches }) => [step, updates, batches.length]),
          [0, 10].flatMap((before) =>
            Array.from({ length: count }, (_, i) => {
              const step = (i + 1) * checkpointEvery;
              return [step, before + step, step];
            })
          ),
        );
      }
    }
  }
});
