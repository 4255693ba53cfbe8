import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  Adam,
  DirectEncoder,
  Dropout,
  Gpu,
  LatencyEncoder,
  LifNode,
  Linear,
  ParametricLifNode,
  PoissonEncoder,
  potentialMse,
  rateMse,
  Sequential,
  Sgd,
  Simulation,
  Trainer,
  type TrainerOptions,
} from "../../mod.ts";
import { tinyDataset } from "./tiny_dataset.ts";
import { LiveResources } from "./live_resources.ts";

const dataset = tinyDataset();
const features = dataset.height * dataset.width;

const options: TrainerOptions = {
  encoder: new PoissonEncoder(),
  timeSteps: 8,
  batchSize: 4,
  loss: rateMse(),
  optimizer: new Adam(),
};

/** Networks that use all that a plan can make buffers for. */
const networks: Record<string, [Sequential, Partial<TrainerOptions>?]> = {
  "a layer in one kernel": [new Sequential([new Linear(features, 2), new LifNode()])],
  "hidden layers and dropout": [
    new Sequential([
      new Linear(features, 300),
      new LifNode(),
      new Dropout(0.2),
      new Linear(300, 2, { bias: false }),
      new ParametricLifNode({ storeV: true }),
    ]),
    { loss: potentialMse(), encoder: new LatencyEncoder(), optimizer: new Sgd({ momentum: 0.9 }) },
  ],
  "images as they are": [
    new Sequential([new Linear(features, 16), new LifNode(), new Linear(16, 2), new LifNode()]),
    { encoder: new DirectEncoder() },
  ],
};

for (const [name, [network, own]] of Object.entries(networks)) {
  Deno.test(`a trainer leaves nothing on the device: ${name}`, async () => {
    using gpu = await Gpu.request();
    const live = new LiveResources(gpu);
    for (let round = 0; round < 5; round++) {
      {
        using trainer = new Trainer(gpu, network, { ...options, ...own });
        for await (const _ of trainer.fit(dataset, { epochs: 2, test: dataset }));
        await trainer.record(dataset, 0);
        assert(live.labels.length > 5, `${live.labels}`);
      }
      await Promise.resolve();
      assertEquals(live.labels, []);
    }
    assert(live.made > 50, `${live.made}`);
  });
}

Deno.test("a training that is ended early leaves nothing on the device", async () => {
  using gpu = await Gpu.request();
  const live = new LiveResources(gpu);
  const [network] = networks["a layer in one kernel"]!;
  for (const end of ["break", "abort", "error"]) {
    {
      using trainer = new Trainer(gpu, network, options);
      const controller = new AbortController();
      const onProgress = () => {
        if (end === "abort") controller.abort();
        if (end === "error") throw new EvalError();
      };
      const { signal } = controller;
      const train = async () => {
        for await (const _ of trainer.fit(dataset, { epochs: 3, signal, onProgress })) break;
      };
      if (end === "error") await assertRejects(train, EvalError);
      else await train();
    }
    await gpu.read(gpu.createBuffer(16, "any"));
    assertEquals(live.labels, ["any"], end);
    live.forget();
  }
});

Deno.test("a trainer that is disposed of while it compiles leaves nothing on the device", async () => {
  using gpu = await Gpu.request();
  const live = new LiveResources(gpu);
  const [network, own] = networks["hidden layers and dropout"]!;
  const trainer = new Trainer(gpu, network, { ...options, ...own });
  const evaluation = trainer.evaluate(dataset);
  trainer.dispose();
  await assertRejects(() => evaluation, TypeError, "disposed of");
  assert(live.made > 0);
  assertEquals(live.labels, []);
});

Deno.test("a network that can't be compiled leaves nothing on the device", async () => {
  using gpu = await Gpu.request();
  const live = new LiveResources(gpu);
  const network = new Sequential([new Linear(features, 2)]);
  const trainer = new Trainer(gpu, network, options);
  await assertRejects(() => trainer.evaluate(dataset), TypeError, "ends in dense");
  assert(live.made > 0);
  assertEquals(live.labels, []);
});

Deno.test("a summary leaves nothing on the device", async () => {
  using gpu = await Gpu.request();
  const live = new LiveResources(gpu);
  for (const [network, own] of Object.values(networks)) {
    const { bytes } = await network.summary(gpu, { ...options, ...own, features });
    assert(bytes > 0);
    assertEquals(live.labels, []);
  }
  assert(live.made > 0);
});

Deno.test("a simulation leaves nothing on the device", async () => {
  using gpu = await Gpu.request();
  const live = new LiveResources(gpu);
  const neurons = new ParametricLifNode({ storeV: true });
  for (let round = 0; round < 5; round++) {
    {
      using layer = await Simulation.compile(gpu, neurons, { timeSteps: 5, neurons: 7 });
      await layer.forward(new Float32Array(35).fill(2));
      await layer.backward({ spikes: new Float32Array(7).fill(1) });
      await layer.forward(new Float32Array(35).fill(2), { state: "carry" });
      await layer.backward({ spikes: new Float32Array(35).fill(1), v: new Float32Array(35) });
      assert(live.labels.length > 5, `${live.labels}`);
    }
    assertEquals(live.labels, []);
  }
});
