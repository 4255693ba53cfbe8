import { assert, assertEquals } from "@std/assert";
import {
  Adam,
  DirectEncoder,
  Gpu,
  imageDataset,
  LifNode,
  Linear,
  Model,
  rateMse,
  Sequential,
} from "../../mod.ts";
import { Source } from "../../src/extend.ts";

/** A training of 784-800-10 on pictures of 28 x 28, 128 at a time. */
const network = () =>
  new Sequential([new Linear(784, 800), new LifNode(), new Linear(800, 10), new LifNode()]);
const OPTIONS = { input: [784], encoder: new DirectEncoder(), timeSteps: 8, batchSize: 128 };
const TRAINING = { loss: rateMse(), optimizer: new Adam() };

/** What parts keep on any device, by name. */
const PARTS = {
  "encoder": [],
  "layer.0": ["parameters", "parameter gradient", "current"],
  "layer.1": ["spikes", "spike counts", "spike sums"],
  "layer.2": ["parameters", "parameter gradient", "current", "input gradient"],
  "layer.3": ["spikes", "spike counts", "spike sums"],
  "loss": ["score gradient"],
  "optimizer": ["first moment", "second moment", "first moment", "second moment"],
  "batches": ["steps", "samples", "metrics"],
};

const CASES = [
  {
    preset: "auto",
    feeds: [
      "tiles of samples",
      "bytes by tiles of samples",
      "tiles of features",
      "bytes by tiles of features",
    ],
    most: 22e6,
  },
  { preset: "gpu", feeds: ["input", "rows"], most: 70e6 },
] as const;

for (const { preset, feeds, most } of CASES) {
  Deno.test(`a network keeps what its parts are named for, and no more: preset ${preset}`, async () => {
    using gpu = await Gpu.request({ preset });
    if (preset === "auto" && gpu.preset.name !== "software") return;
    using model = await Model.compile(gpu, network(), OPTIONS);
    const summary = await model.summary(TRAINING);
    const labels = summary.rows.map(({ part, memory }) =>
      [part, memory.map(({ label }) => label)] as const
    );
    // Neurons are cut into slices, whose signals are copied, where that is worth it.
    const slices = gpu.preset.textureReadsOnce ? ["slices"] : [];
    assertEquals(Object.fromEntries(labels), {
      ...PARTS,
      "layer.1": [...PARTS["layer.1"], ...slices],
      ...{ feeds: [...feeds], scratch: [] },
    });
    assert(summary.bytes <= most, `the network takes ${summary.bytes} bytes`);
    const all = summary.rows.reduce(
      (sum, { memory }) => sum + memory.reduce((own, { bytes }) => own + bytes, 0),
      0,
    );
    assertEquals(summary.bytes, all + gpu.scratchBytes);
  });
}

Deno.test("60,000 pictures that stay on the device take no more than they and a chunk", async () => {
  using gpu = await Gpu.request({ preset: "gpu" });
  using model = await Model.compile(gpu, network(), OPTIONS);
  using program = await model.core.compileProgram({ content: "bytes" }, {
    mode: "train",
    ...TRAINING,
  });
  const count = 60_000;
  const before = bytesOf(program.memory);
  await program.open(new Source(imageDataset(new Uint8Array(count * 784), { shape: [784] })));
  const pictures = count * 784;
  assert(bytesOf(program.memory) - before <= pictures, "the chunk's own room should be replaced");
  const bytes = bytesOf(program.memory) + bytesOf(model.core.store.allocations);
  assert(bytes <= 70e6, `the network takes ${bytes} bytes`);
});

const bytesOf = (memory: readonly { readonly bytes: number }[]) =>
  memory.reduce((sum, { bytes }) => sum + bytes, 0);
