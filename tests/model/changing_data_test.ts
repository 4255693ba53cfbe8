/** Data sets whose arrays are changed between two calls. */

import { assertEquals, assertNotEquals } from "@std/assert";
import { Adam, type Dataset, rateMse, type TrainerOptions } from "../../mod.ts";
import { sharedGpu } from "../support/gpu.ts";
import {
  firingModel,
  firingNetwork,
  firingOptions,
  KINDS,
  PRESETS,
} from "../support/sample_kinds.ts";
import { all, last, startTraining, timeless } from "../support/training.ts";

const COUNT = 21;
const OPTIONS: TrainerOptions = {
  loss: rateMse(),
  optimizer: new Adam({ learningRate: 0.01 }),
  batchSize: 4,
};

/** Writes the numbers and the classes of a data set over those of another. */
function become(target: Dataset, from: Dataset): void {
  const [a, b] = [target.content, from.content];
  const write = (into: unknown, values: unknown) =>
    (into as Float64Array).set(values as Float64Array);
  if (a.kind === "events" && b.kind === "events") {
    write(a.offsets, b.offsets);
    write(a.places, b.places);
    write(a.times, b.times);
  } else if (a.kind !== "events" && b.kind !== "events") write(a.data, b.data);
  write(target.labels, from.labels);
}

for (const [name, { encoder, data }] of Object.entries(KINDS)) {
  for (const [preset, device] of Object.entries(PRESETS)) {
    Deno.test(`${name}, changed in place, give what a copy gives: ${preset} preset`, async () => {
      const gpu = await sharedGpu(device);
      const changing = data(COUNT, 1);
      // One sample, whose arrays change too.
      const single = data(1, 3);
      using model = await firingModel(gpu, encoder);
      using fresh = await firingModel(gpu, encoder);
      const ask = async (of: typeof model, samples: Dataset, one: Dataset) => [
        await of.predict(samples),
        await of.evaluate(samples),
        await of.evaluate(samples, { loss: OPTIONS.loss }),
        await of.record(one),
      ];
      const before = await ask(model, changing, single);
      assertEquals(before, await ask(fresh, data(COUNT, 1), data(1, 3)));
      become(changing, data(COUNT, 2));
      become(single, data(1, 4));
      const after = await ask(model, changing, single);
      assertEquals(after, await ask(fresh, data(COUNT, 2), data(1, 4)));
      after.forEach((answer, i) => assertNotEquals(answer, before[i]));
    });

    Deno.test(`${name}, changed between trainings, train as a copy does: ${preset} preset`, async () => {
      const gpu = await sharedGpu(device);
      const options = { ...firingOptions(encoder), ...OPTIONS };
      const ends = [];
      for (const copies of [false, true]) {
        using training = await startTraining(gpu, firingNetwork(), options);
        const { trainer } = training;
        let train = data(COUNT, 1);
        let test = data(COUNT, 2);
        const reports = [];
        for (const seed of [3, 4, 5]) {
          reports.push(timeless(await last(trainer.fit(train, { epochs: 1, test }))));
          if (copies) [train, test] = [data(COUNT, seed), data(COUNT, seed + 10)];
          else {
            become(train, data(COUNT, seed));
            become(test, data(COUNT, seed + 10));
          }
          reports.push(await all(trainer.steps(train, { every: 2, epochs: 1 })));
          reports.push(await trainer.gradients(test.slice(0, 4)));
        }
        ends.push({ reports, end: await trainer.state() });
      }
      assertEquals(ends[0], ends[1]);
    });
  }
}
