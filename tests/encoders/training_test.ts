import { assert, assertEquals } from "@std/assert";
import {
  Adam,
  type Dataset,
  type EpochReport,
  Flatten,
  imageDataset,
  LatencyEncoder,
  LifNode,
  Linear,
  PeriodicEncoder,
  PoissonEncoder,
  rateMse,
  Sequential,
  WeightedPhaseEncoder,
} from "../../mod.ts";
import { type Encoder, Random } from "../../src/extend.ts";
import { sharedGpu } from "../support/gpu.ts";
import { last as lastOf, startTraining } from "../support/training.ts";

const SIDE = 5;
const CLASSES = 3;

/** Black pictures with some grey pixels and a white row: its place is the class. */
function rows(count: number, seed: number): Dataset {
  const random = new Random(seed);
  const images = new Uint8Array(count * SIDE * SIDE);
  const labels = Uint8Array.from({ length: count }, () => random.below(CLASSES));
  labels.forEach((label, image) => {
    for (let i = 0; i < SIDE * SIDE; i++) {
      const inRow = Math.floor(i / SIDE) === label + 1;
      const grey = random.below(6) === 0 ? random.below(60) : 0;
      images[image * SIDE * SIDE + i] = inRow ? 200 + random.below(56) : grey;
    }
  });
  return imageDataset(images, { shape: [1, SIDE, SIDE], labels, classes: CLASSES });
}

async function train(encoder: Encoder): Promise<{ last: EpochReport; rates: Float32Array }> {
  const gpu = await sharedGpu();
  const layers = [new Flatten(), new Linear(SIDE * SIDE, CLASSES), new LifNode()];
  using training = await startTraining(gpu, new Sequential(layers), {
    input: [1, SIDE, SIDE],
    encoder,
    timeSteps: 11,
    batchSize: 8,
    loss: rateMse(),
    optimizer: new Adam({ learningRate: 0.05 }),
    seed: 3,
  });
  const { model, trainer } = training;
  const [pictures, test] = [rows(96, 1), rows(30, 2)];
  const last = await lastOf(trainer.fit(pictures, { epochs: 6, test }));
  return { last, rates: (await model.record(test.take([0]))).scores };
}

const pattern = Array.from(
  { length: 2 },
  (_, t) => Array.from({ length: SIDE * SIDE }, (_, i) => (i + t) % 2),
);

for (
  const [name, encoder, leastAccuracy] of [
    ["Poisson", new PoissonEncoder(), 0.7],
    ["linear latency", new LatencyEncoder(), 0.7],
    ["logarithmic latency", new LatencyEncoder({ kind: "log" }), 0.45],
    ["weighted phase", new WeightedPhaseEncoder(), 0.7],
    // It shows the network nothing of the image.
    ["periodic", new PeriodicEncoder(pattern), 0],
  ] as const
) {
  Deno.test(`a network trains with ${name} coding, each time the same`, async () => {
    const first = await train(encoder);
    const again = await train(encoder);
    const numbers = (
      { last }: typeof first,
    ) => [last.trainLoss, last.trainAccuracy, last.testLoss, last.testAccuracy];
    assertEquals(numbers(again), numbers(first));
    assertEquals(again.rates, first.rates);
    assert(numbers(first).every(Number.isFinite));
    assert(first.last.testAccuracy >= leastAccuracy, `accuracy ${first.last.testAccuracy}`);
  });
}
