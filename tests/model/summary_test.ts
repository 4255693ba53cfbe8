import { assert, assertEquals } from "@std/assert";
import {
  Adam,
  BatchNorm2d,
  Conv2d,
  DirectEncoder,
  Dropout,
  Flatten,
  Gpu,
  LifNode,
  Linear,
  MaxPool2d,
  Model,
  ParametricLifNode,
  PoissonEncoder,
  rateMse,
  Residual,
  Sequential,
  Sgd,
  type SummaryOptions,
  valueMse,
} from "../../mod.ts";
import type { Layer, SummaryRow } from "../../src/extend.ts";
import { sharedGpu } from "../support/gpu.ts";
import { unfused } from "../support/losses.ts";
import type { TrainingOptions } from "../support/training.ts";

/** The summary of a training. */
async function summaryOf(
  gpu: Gpu,
  layers: readonly Layer[],
  options: Omit<TrainingOptions, "loss" | "optimizer"> & SummaryOptions,
) {
  const all = { loss: rateMse(), optimizer: new Adam(), ...options };
  using model = await Model.compile(gpu, new Sequential(layers), all);
  return await model.summary({ loss: all.loss, optimizer: all.optimizer });
}

/** Adds up what is alive on a device: buffers and textures made since the call. */
function watch({ device }: Gpu): { made: number; alive: number } {
  const sum = { made: 0, alive: 0 };
  const add = (resource: GPUBuffer | GPUTexture, bytes: number) => {
    sum.made += bytes;
    sum.alive += bytes;
    const destroy = resource.destroy.bind(resource);
    resource.destroy = () => {
      sum.alive -= bytes;
      destroy();
    };
  };
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    add(buffer, buffer.size);
    return buffer;
  };
  const createTexture = device.createTexture.bind(device);
  device.createTexture = (descriptor) => {
    const texture = createTexture(descriptor);
    add(texture, texture.width * texture.height * 16);
    return texture;
  };
  return sum;
}

const LAYERS = () => [
  new Flatten(),
  new Linear(20, 12),
  new ParametricLifNode(),
  new Dropout(0.25),
  new Linear(12, 3, { bias: false }),
  new LifNode(),
];

Deno.test("a summary has a row for each part, with shapes and parameters", async () => {
  const gpu = await sharedGpu();
  const summary = await summaryOf(gpu, LAYERS(), {
    input: [4, 5],
    encoder: new PoissonEncoder(),
    timeSteps: 9,
    batchSize: 4,
  });
  assertEquals(
    summary.rows.map(({ part, description, signal, shape, variant, parameters }) => [
      part,
      description,
      signal ?? "",
      shape?.join(" ") ?? "",
      variant ?? "",
      parameters,
    ]),
    [
      ["encoder", "poisson", "events", "4 5", "", 0],
      ["layer.0", "Flatten", "events", "20", "", 0],
      ["layer.1", "Linear 20 to 12", "numbers", "12", "events", 21 * 12],
      ["layer.2", "ParametricLifNode", "spikes", "12", "", 1],
      ["layer.3", "Dropout 0.25", "spikes", "12", "", 0],
      ["layer.4", "Linear 12 to 3, no bias", "numbers", "3", "stored", 12 * 3],
      ["layer.5", "LifNode", "spikes", "3", "", 0],
      ["loss", "rateMse", "", "", "", 0],
      ["optimizer", "adam", "", "", "", 0],
      ["batches", "records of steps and samples", "", "", "", 0],
      ["feeds", "samples on their way", "", "", "", 0],
      ["scratch", "copies, shared on the device", "", "", "", 0],
    ],
  );
  assertEquals(summary.parameters, 21 * 12 + 1 + 12 * 3);
  assertEquals(summary.adapter, gpu.name);
  // Two moments of each parameter, in whole quads.
  const optimizer = summary.rows.find(({ part }) => part === "optimizer")!;
  assertEquals(optimizer.bytes, 2 * 16 * (63 + 1 + 9));
});

Deno.test("a summary has a row for each layer within another", async () => {
  const gpu = await sharedGpu();
  const block = new Residual(new Sequential([new Linear(12, 6), new LifNode()]), {
    connect: "IAND",
    shortcut: new Sequential([new Linear(12, 6, { bias: false }), new LifNode()]),
  });
  const layers = [new Sequential([new Linear(20, 12), new LifNode()]), block, new Linear(6, 3)];
  using model = await Model.compile(gpu, new Sequential(layers), {
    input: [20],
    encoder: new PoissonEncoder(),
    timeSteps: 5,
  });
  const { rows, bytes } = await model.summary({ loss: valueMse() });
  assertEquals(
    rows.map(({ part, description, shape, parameters }) => [
      part,
      description,
      shape?.join(" ") ?? "",
      parameters,
    ]).filter(([part]) => String(part).startsWith("layer")),
    [
      ["layer.0.0", "Linear 20 to 12", "12", 21 * 12],
      ["layer.0.1", "LifNode", "12", 0],
      ["layer.1", "Residual, IAND", "6", 0],
      ["layer.1.inner.0", "Linear 12 to 6", "6", 13 * 6],
      ["layer.1.inner.1", "LifNode", "6", 0],
      ["layer.1.shortcut.0", "Linear 12 to 6, no bias", "6", 12 * 6],
      ["layer.1.shortcut.1", "LifNode", "6", 0],
      ["layer.2", "Linear 6 to 3", "3", 7 * 3],
    ],
  );
  assertEquals(bytes, rows.reduce((sum, row) => sum + row.bytes, 0));
});

for (
  const [what, options, layers] of [
    ["one kernel a step", { encoder: new PoissonEncoder() }, () => [
      new Linear(20, 3),
      new LifNode(),
    ]],
    [
      "a kernel for each layer",
      { encoder: new PoissonEncoder(), loss: unfused(rateMse()) },
      LAYERS,
    ],
    ["images as they are", { encoder: new DirectEncoder(), optimizer: new Sgd() }, LAYERS],
  ] as const
) {
  Deno.test(`a summary's bytes are those alive on the device: ${what}`, async () => {
    using gpu = await Gpu.request();
    const sum = watch(gpu);
    const summary = await summaryOf(gpu, layers(), {
      input: [20],
      timeSteps: 40,
      batchSize: 4,
      ...options,
    });
    assertEquals(summary.bytes, sum.made);
    assertEquals(sum.alive, gpu.scratchBytes);
    for (const row of summary.rows) {
      if (row.part === "scratch") continue;
      assertEquals(row.bytes, row.memory.reduce((bytes, each) => bytes + each.bytes, 0));
    }
  });
}

Deno.test("what a step in one kernel keeps is shared out among its layers", async () => {
  const gpu = await sharedGpu();
  const { rows } = await summaryOf(gpu, [new Linear(20, 3), new LifNode()], {
    input: [20],
    encoder: new PoissonEncoder(),
    timeSteps: 40,
    batchSize: 4,
  });
  const labels = (part: string) =>
    rows.find((row) => row.part === part)!.memory.map(({ label }) => label)
      .filter((label) => label !== "current");
  assertEquals(rows[1]!.signal, undefined);
  assertEquals([rows[1]!.variant, rows[2]!.variant], ["one kernel a step", "one kernel a step"]);
  assertEquals(labels("layer.0"), ["parameters", "parameter gradient"]);
  assertEquals(labels("layer.1"), ["spikes", "spike counts", "spike sums"]);
});

Deno.test("a summary names workgroup tiles where a product fills them, and they are no plain kernels", async () => {
  const gpu = await sharedGpu({ preset: "gpu" });
  const variantsOf = async (options: { channels: number; variants?: "plain" }) => {
    const { channels, variants = "auto" } = options;
    const layers = [
      new Conv2d(3, channels, { kernelSize: 4, padding: "same" }),
      new BatchNorm2d(channels),
      new LifNode(),
      new MaxPool2d(4),
      new Conv2d(channels, channels, { kernelSize: 1 }),
      new LifNode(),
      new Flatten(),
      new Linear(channels * 4, 32),
      new LifNode(),
    ];
    const { rows } = await summaryOf(gpu, layers, {
      input: [3, 8, 8],
      encoder: new DirectEncoder(),
      timeSteps: 8,
      batchSize: 32,
      variants,
    });
    return rows.flatMap(({ variant = [] }) => variant);
  };
  const chain = Array(3).fill("norm, neurons and pool in one kernel");
  const tiles = "workgroup tiles";
  assertEquals(await variantsOf({ channels: 32 }), [tiles, ...chain, tiles, tiles]);
  assertEquals(await variantsOf({ channels: 31 }), ["stored", ...chain, "stored", tiles]);
  assertEquals(await variantsOf({ channels: 32, variants: "plain" }), Array(3).fill("stored"));
});

for (const timeSteps of [16, 100, 200]) {
  Deno.test(`neurons keep at most 5 bytes a time step with T = ${timeSteps}`, async () => {
    const gpu = await sharedGpu();
    const [batchSize, features] = [2, 2048];
    const layers = [
      new Linear(8, 16),
      new LifNode(),
      new Linear(16, features),
      new LifNode(),
      new Linear(features, 2),
      new LifNode(),
    ];
    const { rows } = await summaryOf(gpu, layers, {
      input: [8],
      encoder: new PoissonEncoder(),
      timeSteps,
      batchSize,
    });
    const row = (part: string): SummaryRow => rows.find((row) => row.part === part)!;
    // The Linear layer before makes the current, over which its gradient is written.
    const current = row("layer.2").memory.find(({ label }) => label === "current")!;
    const neurons = row("layer.3");
    assertEquals(
      neurons.memory.map(({ label }) => label),
      ["spikes", "spike counts", ...timeSteps > 128 ? ["checkpoints"] : [], "spike sums"],
    );
    const each = (current.bytes + neurons.bytes) / (batchSize * features * timeSteps);
    assert(each > 4 && each <= 5, `bytes a neuron and time step: ${each}`);
  });
}

Deno.test("a summary is a table of aligned columns", async () => {
  const gpu = await sharedGpu();
  const summary = await summaryOf(gpu, [new Linear(784, 10, { bias: false }), new LifNode()], {
    input: [784],
    encoder: new PoissonEncoder(),
    loss: unfused(rateMse()),
    optimizer: new Sgd(),
    timeSteps: 100,
    batchSize: 128,
  });
  const lines = String(summary).split("\n");
  assertEquals(lines.length, 1 + summary.rows.length + 1);
  assertEquals(new Set(lines.map((line) => line.length)).size, 1);
  const cells = lines.map((line) => line.trim().split(/ {2,}/));
  assertEquals(cells[0], ["signal", "shape", "variant", "parameters", "bytes"]);
  assertEquals(cells[2]!.slice(0, -1), [
    "layer.0",
    "Linear 784 to 10, no bias",
    "numbers",
    "[10]",
    "events",
    "7,840",
  ]);
  const bytes = cells.slice(1).map((row) => Number(row.at(-1)!.replaceAll(",", "")));
  assertEquals(bytes.pop(), bytes.reduce((sum, each) => sum + each, 0));
});
