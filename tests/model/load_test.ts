import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  DirectEncoder,
  LifNode,
  Linear,
  Model,
  type ModelOptions,
  ParametricLifNode,
  Sequential,
} from "../../mod.ts";
import { Random } from "../../src/extend.ts";
import type { Tensor } from "../../src/formats/mod.ts";
import { assertClose } from "../support/close.ts";
import { sharedGpu } from "../support/gpu.ts";
import { numbersOf, randomPictures } from "../support/training.ts";

const OPTIONS: ModelOptions = {
  input: [5],
  encoder: new DirectEncoder(),
  timeSteps: 6,
  batchSize: 4,
};
const DATA = randomPictures({ count: 9, shape: [5], classes: 3, seed: 1 });

const network = () =>
  new Sequential([
    new Linear(5, 4),
    new ParametricLifNode({ vThreshold: 0.2 }),
    new Linear(4, 3, { bias: false }),
    new LifNode({ vThreshold: 0.1 }),
  ]);

Deno.test("parameters before the first step are those of the seed", async () => {
  const gpu = await sharedGpu();
  const draw = (seed: number) => {
    // One stream for all layers, in the order of the device: [inputs][outputs], then the bias.
    const random = new Random(seed, 1);
    const uniform = (length: number, inputs: number) => {
      const bound = 1 / Math.sqrt(inputs);
      return Float32Array.from({ length }, () => random.uniform(-bound, bound));
    };
    const torch = (device: Float32Array, inputs: number, outputs: number) =>
      Array.from(device, (_, at) => device[at % inputs * outputs + Math.floor(at / inputs)]!);
    return {
      "layer.0.weight": torch(uniform(20, 5), 5, 4),
      "layer.0.bias": [...uniform(4, 5)],
      "layer.1.w": [0],
      "layer.2.weight": torch(uniform(12, 4), 4, 3),
    };
  };
  for (const seed of [1, 7]) {
    using model = await Model.compile(gpu, network(), { ...OPTIONS, seed });
    const got = numbersOf(await model.parameters());
    const want = draw(seed);
    assertEquals(Object.keys(got), Object.keys(want));
    assertClose(got["layer.1.w"]!, want["layer.1.w"], { rtol: 0, atol: 1e-6 });
    assertEquals({ ...got, "layer.1.w": [0] }, want as typeof got);
  }
});

Deno.test("parameters that are loaded come back, and change what the network says", async () => {
  const gpu = await sharedGpu();
  using teacher = await Model.compile(gpu, network(), { ...OPTIONS, seed: 2 });
  using model = await Model.compile(gpu, network(), OPTIONS);
  const before = await model.predict(DATA);
  const parameters = await teacher.parameters();
  assertEquals(model.load(parameters), { missing: [], unexpected: [] });
  assertEquals(await model.parameters(), parameters);
  const after = await model.predict(DATA);
  assertNotEquals(after, before);
  assertEquals(after, await teacher.predict(DATA));
});

Deno.test("float64 tensors are rounded to float32", async () => {
  const gpu = await sharedGpu();
  using model = await Model.compile(gpu, network(), OPTIONS);
  const random = new Random(3);
  const tensors = new Map<string, Tensor>();
  for (const [name, { shape, data }] of await model.parameters()) {
    tensors.set(name, {
      shape,
      data: Float64Array.from({ length: data.length }, () => random.uniform(-1, 1)),
    });
  }
  model.load(tensors);
  for (const [name, { shape, data }] of await model.parameters()) {
    const want = tensors.get(name)!;
    assertEquals({ shape, data }, {
      shape: want.shape,
      data: Float32Array.from(want.data as Float64Array),
    });
  }
});

Deno.test("a single number may be a list of one", async () => {
  const gpu = await sharedGpu();
  using model = await Model.compile(gpu, network(), OPTIONS);
  const parameters = await model.parameters();
  model.load(new Map([...parameters, ["layer.1.w", { shape: [1], data: Float32Array.of(0.25) }]]));
  assertEquals((await model.parameters()).get("layer.1.w"), {
    shape: [],
    data: Float32Array.of(0.25),
  });
});

Deno.test("tensors that don't fit are refused, and nothing has changed then", async () => {
  const gpu = await sharedGpu();
  using model = await Model.compile(gpu, network(), OPTIONS);
  using teacher = await Model.compile(gpu, network(), { ...OPTIONS, seed: 2 });
  const own = await model.parameters();
  const good = await teacher.parameters();
  const without = (...names: string[]) =>
    new Map([...good].filter(([name]) => !names.includes(name)));
  const cases: readonly (readonly [ReadonlyMap<string, Tensor>, string])[] = [
    [
      without("layer.0.bias", "layer.2.weight"),
      "Cannot load parameters: missing: layer.0.bias, layer.2.weight",
    ],
    [
      new Map([...good, ["layer.2.bias", good.get("layer.0.bias")!]]),
      "Cannot load parameters: unexpected: layer.2.bias",
    ],
    [
      new Map([...without("layer.2.weight"), ["fc.weight", good.get("layer.2.weight")!]]),
      "Cannot load parameters: missing: layer.2.weight; unexpected: fc.weight",
    ],
    [
      new Map([...good, ["layer.2.weight", { ...good.get("layer.2.weight")!, shape: [4, 3] }]]),
      'Cannot load parameters: "layer.2.weight" must be float32 [3, 4]: it is Float32Array [4, 3]',
    ],
    [
      new Map([...good, ["layer.0.bias", { shape: [3], data: new Float32Array(3) }]]),
      'Cannot load parameters: "layer.0.bias" must be float32 [4]: it is Float32Array [3]',
    ],
    [
      new Map([...good, ["layer.0.bias", { shape: [4], data: new Int32Array(4) }]]),
      'Cannot load parameters: "layer.0.bias" must be float32 [4]: it is Int32Array [4]',
    ],
  ];
  for (const [tensors, message] of cases) {
    const error = assertThrows(() => model.load(tensors), TypeError);
    assertEquals(error.message, message);
    assertEquals(await model.parameters(), own);
  }
});

Deno.test("with strict false, names that are missing keep their values and others are ignored", async () => {
  const gpu = await sharedGpu();
  using model = await Model.compile(gpu, network(), OPTIONS);
  using teacher = await Model.compile(gpu, network(), { ...OPTIONS, seed: 2 });
  const own = await model.parameters();
  const good = await teacher.parameters();
  const some = new Map([...good].filter(([name]) => name !== "layer.0.bias"));
  some.set("head.weight", { shape: [1], data: Float32Array.of(1) });
  assertEquals(model.load(some, { strict: false }), {
    missing: ["layer.0.bias"],
    unexpected: ["head.weight"],
  });
  const mixed = new Map([...good, ["layer.0.bias", own.get("layer.0.bias")!]]);
  assertEquals(await model.parameters(), mixed);
  // Weights alone: the bias lies in the same buffer.
  model.load(own);
  model.load(new Map([["layer.0.bias", good.get("layer.0.bias")!]]), { strict: false });
  assertEquals(
    await model.parameters(),
    new Map([...own, ["layer.0.bias", good.get("layer.0.bias")!]]),
  );
  // A wrong shape is one all the same.
  const error = assertThrows(
    () =>
      model.load(new Map([["layer.0.bias", { shape: [2], data: new Float32Array(2) }]]), {
        strict: false,
      }),
    TypeError,
    '"layer.0.bias" must be float32 [4]',
  );
  assert(!error.message.includes("missing"));
});
