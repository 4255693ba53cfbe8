/**
 * What it is worth that neurons hear each other: a network for spoken words, 700-64R-20, beside the same network
 * without recurrence, on recordings that are made like the Spiking Heidelberg Digits, but aren't them. Accuracy in
 * the test after the last epoch, for three seeds.
 *
 *     deno run -A bench/spoken_words.ts [epochs] [recordings]
 */

import {
  Adam,
  crossEntropy,
  CubaLifNode,
  EventEncoder,
  Gpu,
  Linear,
  LiNode,
  Model,
  Recurrent,
  Sequential,
  Trainer,
} from "../mod.ts";
import { type DatasetSplits, loadShd } from "../src/datasets/mod.ts";
import { writeMadeShd } from "../tests/support/made_shd.ts";

const HIDDEN = 64;
const TIME_STEPS = 50;
/** Microseconds of a step: the longest words take 1.05 s. */
const STEP = 21_000;
/** Time constants of synapses and membranes, in steps: short beside a word. */
const [TAU_SYN, TAU_MEM] = [1, 2];
const SEEDS = [1, 2, 3];
const [epochs = 8, count = 400] = Deno.args.map(Number);

/** Trains the network; gives its accuracy in the test. */
async function accuracyOf(
  gpu: Gpu,
  { train, test }: DatasetSplits,
  recurrent: boolean,
  seed: number,
): Promise<number> {
  const neurons = new CubaLifNode({ tauSyn: TAU_SYN, tauMem: TAU_MEM, detachReset: true });
  const network = new Sequential([
    new Linear(700, HIDDEN),
    recurrent ? new Recurrent(neurons) : neurons,
    new Linear(HIDDEN, train.classes),
    new LiNode({ tau: TAU_MEM }),
  ]);
  using model = await Model.compile(gpu, network, {
    input: train.shape,
    encoder: new EventEncoder({ stepDuration: STEP }),
    timeSteps: TIME_STEPS,
    batchSize: 40,
    seed,
    // llvmpipe would compile longer than it trains.
    variants: "plain",
  });
  using trainer = new Trainer(model, {
    loss: crossEntropy(),
    optimizer: new Adam({ learningRate: 1e-2 }),
  });
  await Array.fromAsync(trainer.fit(train, { epochs }));
  return (await model.evaluate(test)).accuracy;
}

const folder = await Deno.makeTempDir();
try {
  await writeMadeShd(folder, { train: count, test: Math.ceil(count / 2) });
  const data = await loadShd({ directory: folder });
  using gpu = await Gpu.request();
  console.log(`${gpu.name}: ${epochs} epochs of ${count} made recordings`);
  for (const seed of SEEDS) {
    const without = await accuracyOf(gpu, data, false, seed);
    const recurrent = await accuracyOf(gpu, data, true, seed);
    console.log(
      `seed ${seed}: ${percent(recurrent)} with recurrence, ${percent(without)} without, ` +
        `margin ${percent(recurrent - without)}`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
