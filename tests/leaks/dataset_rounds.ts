/**
 * Makes a data set, does all with it that a model and a trainer can, and drops it, again and again. Prints
 * as JSON how many of the data sets are still there in the end, and how many bytes the buffers and textures
 * that live after each round take. `datasets_test.ts` runs it in a process of its own:
 *
 *     deno run -A --v8-flags=--expose-gc tests/leaks/dataset_rounds.ts 40 auto
 *
 * With `gpu` for `auto`, by the preset of GPUs, which keeps samples on the device.
 */

import { Gpu, rateMse, Sgd, Trainer } from "../../mod.ts";
import { firingModel, KINDS } from "../support/sample_kinds.ts";
import { LiveResources } from "./live_resources.ts";

const [rounds, preset] = [Number(Deno.args[0]), Deno.args[1] as "auto" | "gpu"];
const { gc } = globalThis as unknown as { gc: () => void };

/** How often it is looked which are still there. */
const TRIES = 200;

const results: Record<string, { alive: number; resources: number[] }> = {};
for (const [kind, { encoder, data }] of Object.entries(KINDS)) {
  using gpu = await Gpu.request({ preset });
  const live = new LiveResources(gpu);
  using model = await firingModel(gpu, encoder);
  const loss = rateMse();
  using trainer = new Trainer(model, { loss, optimizer: new Sgd({ learningRate: 1e-3 }) });
  const dropped: WeakRef<object>[] = [];
  const resources: number[] = [];
  const round = async (seed: number) => {
    const [train, test] = [data(24, seed), data(17, seed + rounds)];
    dropped.push(new WeakRef(train), new WeakRef(test));
    await model.predict(test);
    await model.evaluate(test, { loss });
    await model.record(test.take([3]));
    await trainer.gradients(train.slice(0, 4));
    for await (const _ of trainer.fit(train, { epochs: 1, test }));
    // One that isn't done with all.
    for await (const _ of trainer.steps(train)) break;
    for await (const _ of trainer.steps(train, { every: 100, epochs: 1 }));
  };
  for (let i = 0; i < rounds; i++) {
    await round(i);
    resources.push(live.bytes);
  }
  // What is on its way still holds the last ones for a moment, on a busy machine for longer.
  let alive = dropped.length;
  for (let i = 0; alive > 0 && i < TRIES; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    gc();
    alive = dropped.filter((set) => set.deref() !== undefined).length;
  }
  results[kind] = { alive, resources };
}
console.log(JSON.stringify(results));
