/** Layers whose sums are longer than the loops of a lane may be on llvmpipe, which ends them and says nothing. */

import { assert, assertRejects } from "@std/assert";
import {
  type Dataset,
  DirectEncoder,
  eventDataset,
  EventEncoder,
  type Gpu,
  imageDataset,
  LifNode,
  Linear,
  Model,
  ParametricLifNode,
  PoissonEncoder,
  rateMse,
  Sequential,
  Sgd,
  Simulation,
  Trainer,
} from "../../mod.ts";
import { type Encoder, Random } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { checkConvolution } from "../support/convolution_check.ts";
import { sharedGpu } from "../support/gpu.ts";

const BATCH = 256;
const T = 8;
const OUTPUTS = 20;

/** What the first layer's weights learn in a step of SGD. */
async function learned(gpu: Gpu, data: Dataset, encoder: Encoder, variants: "auto" | "plain") {
  const [features] = data.shape;
  const network = new Sequential([new Linear(features!, OUTPUTS), new LifNode()]);
  const options = { input: data.shape, encoder, timeSteps: T, batchSize: BATCH, variants };
  using model = await Model.compile(gpu, network, options);
  const weights = async () =>
    Float32Array.from((await model.parameters()).get("layer.0.weight")!.data as Float32Array);
  const before = await weights();
  // With this rate, what was there before takes no digits of what is learned.
  using trainer = new Trainer(model, {
    loss: rateMse(),
    optimizer: new Sgd({ learningRate: 1e6 }),
  });
  for await (const _ of trainer.fit(data, { epochs: 1 }));
  const after = await weights();
  return after.map((weight, i) => weight - before[i]!);
}

const random = new Random(5);
const labels = Uint8Array.from({ length: BATCH }, (_, i) => i % OUTPUTS);

const CASES: readonly { name: string; data: Dataset; encoder: Encoder }[] = [
  {
    name: "spikes of pictures that have no black",
    data: imageDataset(Uint8Array.from({ length: BATCH * 3072 }, () => 50 + random.below(200)), {
      shape: [3072],
      labels,
      classes: OUTPUTS,
    }),
    encoder: new PoissonEncoder(),
  },
  {
    name: "recordings with many events",
    data: eventDataset(
      Array.from(labels, (label) => ({
        places: Array.from({ length: 6000 }, () => random.below(2312)),
        times: Array.from({ length: 6000 }, () => random.below(T)),
        label,
      })),
      { shape: [2312], classes: OUTPUTS },
    ),
    encoder: new EventEncoder(),
  },
];

for (const { name, data, encoder } of CASES) {
  Deno.test(`the gradient of a Linear layer is all of it: ${name}`, async () => {
    const gpu = await sharedGpu();
    const [got, want] = [
      await learned(gpu, data, encoder, "auto"),
      await learned(gpu, data, encoder, "plain"),
    ];
    assert(want.every((value) => value !== 0));
    const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    assertClose(got, want, { rtol: 0, atol: 2e-6 * largest });
  });
}

Deno.test("the gradient of a convolution over very many places is all of it", async () => {
  const gpu = await sharedGpu();
  await checkConvolution(gpu, {
    ...{ kind: "dense", dimensions: 1, timeSteps: 4, batch: 1, bias: true, groups: 1 },
    ...{ inChannels: 1, outChannels: 1, size: [1, 540_000], kernelSize: [1, 1] },
    ...{ stride: [1, 1], padding: "valid", dilation: [1, 1] },
  });
});

Deno.test("the gradient of a constant that very many neurons share is all of it", async () => {
  const gpu = await sharedGpu();
  const gradientOf = async (neurons: number) => {
    using layer = await Simulation.compile(gpu, new ParametricLifNode(), { timeSteps: 1, neurons });
    await layer.forward(Float32Array.from({ length: neurons }, (_, i) => 0.3 + i % 61 / 61));
    return (await layer.backward({ spikes: new Float32Array(neurons).fill(1) })).learned["w"]![0]!;
  };
  const times = 70_300;
  assertClose([await gradientOf(61 * times)], [times * await gradientOf(61)], {
    rtol: 1e-4,
    atol: 0,
  });
});

Deno.test("a layer whose loops can't be shared out is refused", async () => {
  const gpu = await sharedGpu();
  const network = new Sequential([new Linear(300_000, 2), new LifNode()]);
  const options = { input: [300_000], encoder: new DirectEncoder(), timeSteps: 1, batchSize: 1 };
  using model = await Model.compile(gpu, network, options);
  await assertRejects(
    () => model.predict(imageDataset(new Uint8Array(300_000), { shape: [300_000] })),
    RangeError,
    "a Linear layer of 300000 weights an output and 2 outputs as a lane of a software driver may " +
      "take 65000 rounds in loops at most",
  );
});
