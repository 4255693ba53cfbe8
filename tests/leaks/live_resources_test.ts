import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  Adam,
  Dataset,
  DirectEncoder,
  Dropout,
  Gpu,
  LatencyEncoder,
  LifNode,
  Linear,
  Model,
  ParametricLifNode,
  PoissonEncoder,
  potentialMse,
  rateMse,
  Residual,
  Sequential,
  Sgd,
  Simulation,
  Trainer,
  valueMse,
} from "../../mod.ts";
import { startTraining, type TrainingOptions } from "../support/training.ts";
import { LiveResources } from "./live_resources.ts";
import { tinyDataset } from "./tiny_dataset.ts";

const dataset = tinyDataset();
const features = 36;

const options: TrainingOptions = {
  input: [features],
  encoder: new PoissonEncoder(),
  timeSteps: 8,
  batchSize: 4,
  loss: rateMse(),
  optimizer: new Adam(),
};

/** Networks that use all that a program can make buffers for. */
const networks: Record<string, [Sequential, Partial<TrainingOptions>?]> = {
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
  "a shortcut, numbers at the end, updates of several batches, clipped": [
    new Sequential([
      new Linear(features, 16),
      new LifNode(),
      new Residual(new Sequential([new Linear(16, 16), new LifNode()])),
      new Linear(16, 2),
    ]),
    { loss: valueMse(), readout: "max", accumulate: 2, clip: { norm: 1, value: 0.5 } },
  ],
};

for (const [name, [network, own]] of Object.entries(networks)) {
  Deno.test(`a model and its trainer leave nothing on the device: ${name}`, async () => {
    using gpu = await Gpu.request();
    const live = new LiveResources(gpu);
    for (let round = 0; round < 5; round++) {
      {
        using training = await startTraining(gpu, network, { ...options, ...own });
        const { model, trainer } = training;
        for await (const _ of trainer.fit(dataset, { epochs: 2, test: dataset }));
        for await (const _ of trainer.steps(dataset, { every: 3, epochs: 1 }));
        await trainer.gradients(dataset.slice(0, 4));
        await model.record(dataset.take([0]));
        await model.predict(dataset);
        await model.evaluate(dataset, { loss: own?.loss ?? options.loss });
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
  for (const end of ["break", "abort", "error", "break of steps"]) {
    {
      using training = await startTraining(gpu, network, options);
      const { trainer } = training;
      const controller = new AbortController();
      const onProgress = () => {
        if (end === "abort") controller.abort();
        if (end === "error") throw new EvalError();
      };
      const { signal } = controller;
      const train = async () => {
        if (end === "break of steps") { for await (const _ of trainer.steps(dataset)) break; }
        else for await (const _ of trainer.fit(dataset, { epochs: 3, signal, onProgress })) break;
      };
      if (end === "error") await assertRejects(train, EvalError);
      else await train();
    }
    await gpu.read(gpu.createBuffer(16, "any"));
    assertEquals(live.labels, ["any"], end);
    live.forget();
  }
});

Deno.test("a trainer that is disposed of leaves the model's memory alone", async () => {
  using gpu = await Gpu.request();
  const live = new LiveResources(gpu);
  const [network, own] = networks["hidden layers and dropout"]!;
  {
    using model = await Model.compile(gpu, network, { ...options, ...own });
    await model.evaluate(dataset);
    const kept = live.labels;
    for (let round = 0; round < 3; round++) {
      {
        using trainer = new Trainer(model, { ...options, ...own });
        for await (const _ of trainer.fit(dataset, { epochs: 1 }));
        assert(live.labels.length > kept.length);
      }
      await Promise.resolve();
      assertEquals(live.labels, kept);
    }
  }
  await Promise.resolve();
  assertEquals(live.labels, []);
});

Deno.test("a model that is disposed of while it compiles leaves nothing on the device", async () => {
  using gpu = await Gpu.request();
  const live = new LiveResources(gpu);
  const [network, own] = networks["hidden layers and dropout"]!;
  const model = await Model.compile(gpu, network, { ...options, ...own });
  const evaluation = model.evaluate(dataset);
  model.dispose();
  await assertRejects(() => evaluation, TypeError, "disposed of");
  assert(live.made > 0);
  assertEquals(live.labels, []);
});

Deno.test("a network that can't be compiled leaves nothing on the device", async () => {
  using gpu = await Gpu.request();
  const live = new LiveResources(gpu);
  // A loss of spikes on numbers.
  const network = new Sequential([new Linear(features, 2)]);
  {
    using training = await startTraining(gpu, network, options);
    const { model, trainer } = training;
    const kept = live.labels;
    const { made } = live;
    await assertRejects(() => model.evaluate(dataset, { loss: rateMse() }), TypeError, "rateMse");
    await assertRejects(() => trainer.fit(dataset, { epochs: 1 }).next(), TypeError, "rateMse");
    await assertRejects(() => trainer.gradients(dataset.slice(0, 4)), TypeError, "rateMse");
    await assertRejects(() => model.summary({ loss: rateMse() }), TypeError, "rateMse");
    assert(live.made > made);
    assertEquals(live.labels, kept);
  }
  assertEquals(live.labels, []);
  // Layers that don't fit together: nothing is made.
  const { made } = live;
  await assertRejects(
    () => Model.compile(gpu, new Sequential([new Linear(features, 3), new Linear(2, 2)]), options),
    RangeError,
  );
  assertEquals(live.made, made);
});

Deno.test("a data set that can't be encoded leaves nothing more on the device", async () => {
  using gpu = await Gpu.request();
  const live = new LiveResources(gpu);
  using model = await Model.compile(gpu, networks["a layer in one kernel"]![0], options);
  const floats = (value: number) =>
    new Dataset({
      shape: [features],
      content: { kind: "floats", data: new Float32Array(2 * features).fill(value) },
    });
  await model.predict(floats(1));
  const kept = live.labels;
  await assertRejects(
    () => model.predict(floats(1.5)),
    RangeError,
    "Cannot encode floats as spikes as they must be 0 to 1: number 0 is 1.5",
  );
  assertEquals(live.labels, kept);
});

Deno.test("a summary leaves nothing on the device", async () => {
  using gpu = await Gpu.request();
  const live = new LiveResources(gpu);
  for (const [network, own] of Object.values(networks)) {
    {
      using model = await Model.compile(gpu, network, { ...options, ...own });
      const kept = live.labels;
      const { bytes } = await model.summary({
        loss: own?.loss ?? rateMse(),
        optimizer: new Adam(),
      });
      assert(bytes > 0);
      assertEquals(live.labels, kept);
    }
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
