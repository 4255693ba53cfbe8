import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import {
  Adam,
  Dataset,
  DirectEncoder,
  LifNode,
  Linear,
  Model,
  rateMse,
  Sequential,
  Trainer,
} from "../../mod.ts";
import { LiveResources } from "../leaks/live_resources.ts";
import { sharedGpu } from "../support/gpu.ts";
import { last, randomPictures, startTraining } from "../support/training.ts";
import { CASES, PICTURES } from "../support/training_cases.ts";

Deno.test("all programs read the same parameters: what is learned is said at once", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[2]!;
  using training = await startTraining(gpu, network(), options);
  const { model, trainer } = training;
  const one = PICTURES.take([3]);
  const ask = async () => [
    await model.predict(PICTURES),
    await model.evaluate(PICTURES, { loss: options.loss }),
    await model.record(one),
    await trainer.gradients(PICTURES.slice(0, 5)),
  ];
  let before = await ask();
  const { queue } = gpu.device;
  const write = queue.writeBuffer.bind(queue);
  let written = 0;
  const parameters = new Set<GPUBuffer>();
  queue.writeBuffer = ((buffer: GPUBuffer, ...rest: [number, BufferSource]) => {
    if (buffer.label === "parameters") written++;
    parameters.add(buffer);
    write(buffer, ...rest);
  }) as typeof write;
  for (let round = 0; round < 3; round++) {
    await last(trainer.fit(PICTURES, { epochs: 4 }));
    const after = await ask();
    after.forEach((answer, i) => assertNotEquals(answer, before[i]));
    // A model with the same parameters says the same.
    using other = await startTraining(gpu, network(), options);
    other.model.load(await model.parameters());
    assertEquals(await other.model.predict(PICTURES), after[0]);
    assertEquals(await other.model.record(one), after[2]);
    before = after;
  }
  assert(parameters.size > 0);
  // Those of the other models only: two blocks each, drawn and loaded, weight and bias apart.
  assertEquals(written, 3 * (2 + 4));
});

Deno.test("two trainers train one model in turn", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[2]!;
  using training = await startTraining(gpu, network(), options);
  const { model, trainer } = training;
  await last(trainer.fit(PICTURES, { epochs: 1 }));
  const first = await model.parameters();
  using other = new Trainer(model, { ...options, optimizer: new Adam({ learningRate: 0.1 }) });
  await last(other.fit(PICTURES, { epochs: 1 }));
  const second = await model.parameters();
  assertNotEquals(second, first);
  assertEquals((await trainer.state()).parameters, second);
  assertEquals((await other.state()).parameters, second);
  other.dispose();
  await last(trainer.fit(PICTURES, { epochs: 1 }));
  assertNotEquals(await model.parameters(), second);
});

Deno.test("a program is compiled once for each kind of samples and each loss", async () => {
  const gpu = await sharedGpu();
  const live = new LiveResources(gpu);
  const network = new Sequential([new Linear(12, 3), new LifNode()]);
  using model = await Model.compile(gpu, network, {
    input: [12],
    encoder: new DirectEncoder(),
    timeSteps: 4,
  });
  const labels = PICTURES.labels!;
  const floats = (timeSteps?: number) =>
    new Dataset({
      shape: [12],
      content: {
        kind: "floats",
        data: new Float32Array(50 * 12 * (timeSteps ?? 1)),
        ...timeSteps === undefined ? {} : { timeSteps },
      },
      labels,
    });
  const loss = rateMse();
  const calls = [
    () => model.predict(PICTURES),
    () => model.predict(floats()),
    () => model.predict(floats(4)),
    () => model.evaluate(PICTURES, { loss }),
    () => model.record(PICTURES.take([0])),
  ];
  for (const call of calls) {
    const { made } = live;
    await call();
    assert(live.made > made);
  }
  const kept = live.labels;
  for (const call of [...calls, () => model.evaluate(PICTURES)]) await call();
  assertEquals(live.labels, kept);
  await assertRejects(
    () => model.predict(floats(5)),
    RangeError,
    "Cannot encode samples of 5 time steps directly as the network runs 4",
  );
  assertEquals(live.labels, kept);
});

Deno.test("each call on a model that was disposed of says so", async () => {
  const gpu = await sharedGpu();
  const live = new LiveResources(gpu);
  const { network, options } = CASES[0]!;
  const model = await Model.compile(gpu, network(), options);
  const parameters = await model.parameters();
  await model.predict(PICTURES);
  model.dispose();
  assertThrows(
    () => model.load(parameters),
    TypeError,
    "Cannot use a model that was disposed of",
  );
  for (
    const call of [
      () => model.predict(PICTURES),
      () => model.evaluate(PICTURES),
      () => model.record(PICTURES.take([0])),
      () => model.parameters(),
      () => model.summary(),
    ]
  ) {
    const error = await assertRejects(call, TypeError);
    assertEquals(error.message, "Cannot use a model that was disposed of");
  }
  model.dispose();
  assertEquals(live.labels, []);
});

Deno.test("a model that is disposed of while it works leaves nothing behind", async () => {
  const gpu = await sharedGpu();
  const live = new LiveResources(gpu);
  const { network, options } = CASES[1]!;
  for (
    const call of [
      (model: Model) => model.predict(PICTURES),
      (model: Model) => model.evaluate(PICTURES),
      (model: Model) => model.record(PICTURES.take([0])),
      (model: Model) => model.summary(),
    ]
  ) {
    const model = await Model.compile(gpu, network(), options);
    const running = call(model);
    model.dispose();
    await assertRejects(() => running, TypeError, "Cannot use a model that was disposed of");
    await Promise.resolve();
    assertEquals(live.labels, [], call.toString());
  }
});

Deno.test("a model that is disposed of in the middle of its work says so", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[1]!;
  const many = randomPictures({ count: 4000, shape: [12], classes: 3, seed: 1 });
  for (
    const call of [
      (model: Model) => model.predict(many),
      (model: Model) => model.evaluate(many),
    ]
  ) {
    const live = new LiveResources(gpu);
    const model = await Model.compile(gpu, network(), options);
    await call(model);
    const running = call(model);
    const rejected = assertRejects(() => running, TypeError);
    // Until it has given something to the device.
    const { queue } = gpu.device;
    const submit = queue.submit.bind(queue);
    await new Promise<void>((resolve) => {
      queue.submit = (commands) => {
        submit(commands);
        resolve();
      };
    });
    queue.submit = submit;
    model.dispose();
    const { message } = await rejected;
    assertEquals(message, "Cannot use a model that was disposed of", call.toString());
    // What was on its way is read, so that its memory is freed.
    await gpu.read(gpu.createBuffer(16, "any"));
    assertEquals(live.labels, ["any"], call.toString());
  }
});
