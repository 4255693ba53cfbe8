import {
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  Adam,
  Flatten,
  type Gpu,
  imageDataset,
  KernelError,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  rateMse,
  Sequential,
  type Surrogate,
  surrogates,
  Trainer,
} from "../../mod.ts";
import { sharedGpu } from "../support/gpu.ts";

/** What a user may write, the twin of piecewiseQuadratic with alpha 1. */
const TRIANGLE: Surrogate = {
  name: "triangle",
  parameters: { halfWidth: 1 },
  wgsl: `// A triangle.
override half_width: f32;

fn surrogate_gradient(x: f32) -> f32 {
  let height = max(0.0, 1.0 - abs(x) / half_width);
  return height / half_width;
}`,
  gradient: (x) => Math.max(0, 1 - Math.abs(x)),
};

/** Two classes of 2 x 2 pictures: bright on the left, bright on the right. */
const COUNT = 64;
const DATASET = imageDataset(
  Uint8Array.from({ length: COUNT * 4 }, (_, at) => (at >> 2) % 2 === at % 2 ? 240 : 30),
  { shape: [1, 2, 2], labels: Uint8Array.from({ length: COUNT }, (_, i) => i % 2), classes: 2 },
);

/** The loss and the accuracy of each epoch. */
async function train(gpu: Gpu, surrogate: Surrogate): Promise<[number, number][]> {
  const network = new Sequential([new Flatten(), new Linear(4, 2), new LifNode({ surrogate })]);
  using model = await Model.compile(gpu, network, {
    input: DATASET.shape,
    encoder: new PoissonEncoder(),
    timeSteps: 8,
    batchSize: 16,
  });
  const optimizer = new Adam({ learningRate: 0.1 });
  using trainer = new Trainer(model, { loss: rateMse(), optimizer });
  const epochs: [number, number][] = [];
  for await (const { trainLoss, trainAccuracy } of trainer.fit(DATASET, { epochs: 6 })) {
    epochs.push([trainLoss, trainAccuracy]);
  }
  return epochs;
}

Deno.test("a user's own surrogate trains as its twin in the library does", async () => {
  const gpu = await sharedGpu();
  const epochs = await train(gpu, TRIANGLE);
  assertEquals(epochs, await train(gpu, surrogates.piecewiseQuadratic()));
  assertLess(epochs.at(-1)![0], epochs[0]![0] / 2);
  assertGreater(epochs.at(-1)![1], 0.9);
  const wide = await train(gpu, { ...TRIANGLE, parameters: { halfWidth: 2 } });
  assertGreater(Math.abs(wide[0]![0] - epochs[0]![0]), 1e-6);
});

Deno.test("an error in a user's WGSL is shown with its line", async () => {
  const gpu = await sharedGpu();
  const wgsl = TRIANGLE.wgsl.replace("max(0.0, ", "maximum(0.0, ");
  const { message } = await assertRejects(
    () => train(gpu, { ...TRIANGLE, wgsl }),
    KernelError,
  );
  assertStringIncludes(message, "\n  5 |   let height = maximum(0.0, 1.0 - abs(x) / half_width);");
});

Deno.test("a user's parameter without a value is named", async () => {
  const gpu = await sharedGpu();
  const { message } = await assertRejects(
    () => train(gpu, { ...TRIANGLE, parameters: {} }),
    KernelError,
  );
  assertStringIncludes(message, '"half_width"');
});
