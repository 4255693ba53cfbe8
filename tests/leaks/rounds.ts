/**
 * Makes a model and a trainer, trains it and disposes of both, again and again, and prints the resident memory after
 * each round, in bytes, as JSON. `rounds_test.ts` runs it in a process of its own:
 *
 *     deno run -A --v8-flags=--expose-gc tests/leaks/rounds.ts 200 trainer
 *
 * With `gpu` for `trainer`, each round has a Gpu of its own. Without `--expose-gc`, garbage is collected
 * only when the engine finds it worth the while.
 */

import {
  Adam,
  Gpu,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  rateMse,
  Sequential,
  Trainer,
} from "../../mod.ts";
import { tinyDataset } from "./tiny_dataset.ts";

const [rounds, each] = [Number(Deno.args[0]), Deno.args[1]];
const dataset = tinyDataset();
const { gc } = globalThis as { gc?: () => void };

async function train(gpu: Gpu): Promise<void> {
  const network = new Sequential([new Linear(36, 2), new LifNode()]);
  using model = await Model.compile(gpu, network, {
    input: dataset.shape,
    encoder: new PoissonEncoder(),
    timeSteps: 8,
    batchSize: 8,
  });
  using trainer = new Trainer(model, { loss: rateMse(), optimizer: new Adam() });
  for await (const _ of trainer.fit(dataset, { epochs: 1 }));
}

/** Resident memory once the engine had time to free what isn't needed any more. */
async function settle(): Promise<number> {
  // 0.1 s each: twice more frees nothing else.
  gc?.();
  await new Promise((resolve) => setTimeout(resolve, 2));
  return Deno.memoryUsage().rss;
}

using shared = await Gpu.request();
const resident: number[] = [];
for (let round = 0; round < rounds; round++) {
  if (each === "gpu") {
    using gpu = await Gpu.request();
    await train(gpu);
  } else await train(shared);
  resident.push(await settle());
}
console.log(JSON.stringify(resident));
