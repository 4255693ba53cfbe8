/** Trainings with samples that end before T. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import {
  Adam,
  crossEntropy,
  Dataset,
  DirectEncoder,
  Flatten,
  LifNode,
  Linear,
  LiNode,
  Recurrent,
  Sequential,
  type TrainerState,
} from "../../mod.ts";
import { loadMnist } from "../../src/datasets/mod.ts";
import { sharedGpu } from "../support/gpu.ts";
import { atOnce, startTogether } from "../support/together.ts";
import { last, startTraining, throughFile, timeless } from "../support/training.ts";

const T = 10;
/** Shares of 5, 5 and 4. */
const BATCH = 14;

/** The first pictures, each with a number of time steps of its own. */
const shortened = (dataset: Dataset, count: number) =>
  new Dataset({
    ...dataset.slice(0, count),
    lengths: Uint8Array.from({ length: count }, (_, i) => 1 + 7 * i % T),
  });

const { train, test } = await loadMnist();
const TRAIN = shortened(train, 8 * BATCH);
const TEST = shortened(test, 2 * BATCH + 1);

const network = () =>
  new Sequential([
    ...[new Flatten(), new Linear(784, 12), new Recurrent(new LifNode())],
    ...[new Linear(12, 10), new LiNode()],
  ]);

const OPTIONS = {
  input: [1, 28, 28],
  encoder: new DirectEncoder(),
  timeSteps: T,
  batchSize: BATCH,
  readout: "last",
  loss: crossEntropy(),
  optimizer: new Adam(),
} as const;

Deno.test("a training with samples that end before T goes on from a checkpoint", async () => {
  const gpu = await sharedGpu();
  using whole = await startTraining(gpu, network(), OPTIONS);
  const kept: TrainerState[] = [];
  const want = await last(whole.trainer.fit(TRAIN, {
    epochs: 2,
    test: TEST,
    checkpointEvery: 5,
    onCheckpoint: (state) => void kept.push(throughFile(state)),
  }));
  using other = await startTraining(gpu, network(), OPTIONS);
  await other.trainer.restore(kept[0]!);
  const report = await last(other.trainer.fit(TRAIN, { epochs: 2, test: TEST }));
  assertEquals(timeless(report), timeless(want));
  assertEquals(await other.trainer.state(), await whole.trainer.state());
  // The same program tests, and one that was compiled for it.
  const again = await whole.model.evaluate(TEST, { loss: OPTIONS.loss });
  assertEquals(again.answers, want.test!.answers);
  assertEquals(again.firing, want.test!.firing);
  await assertRejects(
    () => last(whole.trainer.fit(TRAIN, { epochs: 1, test: test.slice(0, 4) })),
    TypeError,
    "Cannot test on bytes as this trainer was compiled for bytes of lengths of their own",
  );
});

Deno.test("several trainers learn of samples that end before T what one does", async () => {
  const gpu = await sharedGpu();
  using alone = await startTraining(gpu, network(), OPTIONS);
  const want = await last(alone.trainer.fit(TRAIN, { epochs: 1, test: TEST }));
  const { parameters } = await alone.trainer.state();
  using together = await startTogether(gpu, network, OPTIONS, 3);
  const [report] = await atOnce(
    together.trainings,
    ({ trainer }) => last(trainer.fit(TRAIN, { epochs: 1, test: TEST })),
  );
  assertAlmostEquals(report!.trainLoss, want.trainLoss, 1e-6);
  assertEquals(report!.test!.answers, want.test!.answers);
  assertEquals(report!.test!.firing, want.test!.firing);
  const { parameters: own } = await together.trainings[1]!.trainer.state();
  for (const [name, { data }] of parameters) {
    const others = own.get(name)!.data;
    for (let i = 0; i < data.length; i++) {
      const difference = Math.abs(Number(data[i]) - Number(others[i]));
      assert(difference <= 1e-5, `number ${i} of ${name} differs by ${difference}`);
    }
  }
});
