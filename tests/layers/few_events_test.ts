/** Linear and Conv2d on events as they are, against the same layers on the plain stored spikes. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  Conv2d,
  eventDataset,
  EventEncoder,
  Flatten,
  type Gpu,
  LifNode,
  Linear,
  Model,
  rateMse,
  Sequential,
  Sgd,
  Trainer,
} from "../../mod.ts";
import { type Layer, Random } from "../../src/extend.ts";
import { sharedGpu } from "../support/gpu.ts";

const SHAPE = [2, 4, 5];
const PLACES = 40;
const SAMPLES = 7;

function recordings(timeSteps: number) {
  const random = new Random(timeSteps, 3);
  const all = Array.from({ length: SAMPLES }, (_, i) => {
    // One has no events, one has very many, some come after T.
    const events = [0, 5 * timeSteps, 30, 1, 60, 12, 90][i]!;
    return {
      places: Array.from({ length: events }, () => random.below(PLACES)),
      times: Array.from({ length: events }, () => random.below(Math.ceil(1.1 * timeSteps))),
      label: i % 3,
    };
  });
  return eventDataset(all, { shape: SHAPE, classes: 3 });
}

/** What a network does and learns, its weights multiples of 1/64, so that all sums are exact. */
async function runOf(gpu: Gpu, layers: Layer[], timeSteps: number, variants: "auto" | "plain") {
  using model = await Model.compile(gpu, new Sequential(layers), {
    input: SHAPE,
    encoder: new EventEncoder(),
    timeSteps,
    batchSize: SAMPLES,
    variants,
  });
  const random = new Random(1, 2);
  const exact = new Map(
    [...await model.parameters()].map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data as Float32Array, () => (random.below(33) - 12) / 64) },
    ]),
  );
  model.load(exact);
  const dataset = recordings(timeSteps);
  const { layers: found } = await model.record(dataset.take([1]));
  const scores = (await model.predict(dataset)).map(({ scores }) => [...scores]);
  using trainer = new Trainer(model, { loss: rateMse(), optimizer: new Sgd({ learningRate: 1 }) });
  for await (const _ of trainer.fit(dataset, { epochs: 1, test: dataset }));
  const learned = [...await model.parameters()].flatMap((
    [, { data }],
  ) => [...data as Float32Array]);
  return { spikes: found.flatMap(({ spikes }) => [...spikes ?? []]), scores, learned };
}

for (const preset of ["auto", "gpu"] as const) {
  for (
    const [outputs, timeSteps, bias] of [[12, 40, true], [64, 129, false], [5, 259, true]] as const
  ) {
    Deno.test(`${outputs} outputs of events are those of stored spikes: T ${timeSteps}, preset ${preset}`, async () => {
      const gpu = await sharedGpu({ preset });
      const layers = () => [
        new Flatten(),
        new Linear(PLACES, outputs, { bias }),
        new LifNode({ vThreshold: 0.25 }),
        new Linear(outputs, 3),
        new LifNode(),
      ];
      const own = await runOf(gpu, layers(), timeSteps, "auto");
      const plain = await runOf(gpu, layers(), timeSteps, "plain");
      assertEquals(own.spikes, plain.spikes);
      assert(own.spikes.includes(1));
      assertEquals(own.scores, plain.scores);
      own.learned.forEach((weight, i) => assertAlmostEquals(weight, plain.learned[i]!, 1e-5));
    });
  }
}

Deno.test("a convolution of events is that of stored spikes", async () => {
  const gpu = await sharedGpu();
  const layers = () => [
    new Conv2d(2, 4, { kernelSize: 3, padding: 1, bias: false }),
    new LifNode(),
    new Flatten(),
    new Linear(4 * 20, 3),
    new LifNode(),
  ];
  const own = await runOf(gpu, layers(), 30, "auto");
  const plain = await runOf(gpu, layers(), 30, "plain");
  assertEquals([own.spikes, own.scores], [plain.spikes, plain.scores]);
  own.learned.forEach((weight, i) => assertAlmostEquals(weight, plain.learned[i]!, 1e-5));
});
