/** Parallel spiking neurons against float64, and as parts of models. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  DirectEncoder,
  Dropout,
  imageDataset,
  Linear,
  MaskedPsn,
  matchParameters,
  Model,
  type ParallelNeurons,
  Psn,
  Sequential,
  SlidingPsn,
  surrogates,
} from "../../mod.ts";
import type { Tensor } from "../../src/formats/mod.ts";
import { layerFromJson, Random, type Shape, sizeOf } from "../../src/extend.ts";
import { runParallel } from "../reference/parallel.ts";
import { checkNetwork } from "../support/against_float64.ts";
import { checkGoldenLayer, type GoldenCase } from "../support/golden_layer.ts";
import { sharedGpu } from "../support/gpu.ts";
import { randomPictures } from "../support/training.ts";

/** Neurons, sizes, and what comes in. */
interface Case {
  readonly layer: ParallelNeurons;
  readonly T: number;
  readonly B: number;
  readonly shape: Shape;
  readonly kind: "spikes" | "numbers";
  /** Time steps of each sample, where they may be fewer than T. */
  readonly lengths?: readonly number[];
  /** How kernels are cut. */
  readonly preset?: "gpu";
}

const soft = { surrogate: surrogates.sigmoid() };

const CASES: readonly Case[] = [
  { layer: new Psn(1), T: 1, B: 1, shape: [1], kind: "spikes" },
  { layer: new Psn(100, soft), T: 100, B: 1, shape: [2, 3], kind: "spikes" },
  { layer: new SlidingPsn(40), T: 100, B: 2, shape: [3], kind: "numbers", preset: "gpu" },
  // More neurons than a lane of a software driver has alone, and not a multiple of what it takes.
  { layer: new MaskedPsn(2, 5, { lambda: 0.75 }), T: 5, B: 3, shape: [1401], kind: "spikes" },
  { layer: new Psn(9), T: 9, B: 3, shape: [5], kind: "numbers", lengths: [4, 9, 1] },
  {
    layer: new MaskedPsn(4, 9, { lambda: 0.5 }),
    ...{ T: 9, B: 3, shape: [5], kind: "numbers", lengths: [1, 8, 6] },
  },
];

for (const each of CASES) {
  const { layer, T, B, shape, kind, lengths, preset } = each;
  const ends = `${lengths ? `, ends ${lengths}` : ""}${preset ? ", cut for a GPU" : ""}`;
  const what = `${layer.title()}: T ${T}, batch ${B}, [${shape}], ${kind}${ends}`;
  Deno.test(`parallel neurons equal float64: ${what}`, async () => {
    const gpu = await sharedGpu(preset && { preset });
    const size = sizeOf(shape);
    const neurons = B * size;
    const declared: Record<string, Shape> = {};
    layer.declare({
      child: () => {
        throw new TypeError("it has no parts");
      },
      parameter: () => assert(false),
      parameters: (_, { tensors }) => {
        for (const [name, { shape }] of Object.entries(tensors)) declared[name] = shape;
      },
      state: () => {},
    });
    const [weights, biases] = [sizeOf(declared["weight"]!), sizeOf(declared["bias"]!)];
    for (let seed = 1;; seed++) {
      const random = new Random(seed, T, B, size);
      const float = () => Math.fround(random.uniform(-1, 1));
      const draw = () => kind === "spikes" ? random.below(2) : float();
      const x = Float64Array.from({ length: T * neurons }, draw);
      const parameters = Float32Array.from({ length: weights + biases }, () => float() / 2);
      const gradient = Float64Array.from({ length: T * neurons }, float);
      const endOf = (n: number) => lengths?.[Math.floor(n / size)] ?? T;
      const { output, nearest, backward } = runParallel(layer, parameters, x, T, endOf);
      if (nearest < 2e-6) continue;
      const { back, own } = backward(gradient);
      const lambda = layer instanceof MaskedPsn ? [layer.lambda] : [];
      const tensors: Record<string, ArrayLike<number>> = {
        x,
        y: output,
        grad_y: gradient,
        grad_x: back,
        weight: parameters.subarray(0, weights),
        bias: parameters.subarray(weights),
        grad_weight: own.subarray(0, weights),
        grad_bias: own.subarray(weights),
        _lambda_: lambda,
        _lambda__after: lambda,
      };
      const file = {
        metadata: { tolerance: JSON.stringify({ rtol: 1e-5, atol: 1e-5 }) },
        get: (name: string) => [...Array.from(tensors[name.slice("case.".length)]!)],
      };
      const golden: GoldenCase = {
        ...{ name: "case", layer: { type: layer.kind }, T, B, shape, kind },
        over: "time",
        ...lengths && { lengths },
      };
      return await checkGoldenLayer(gpu, file, golden, layer);
    }
  });
}

Deno.test("networks of parallel neurons equal float64: loss, spikes, gradients", async () => {
  const gpu = await sharedGpu();
  const layers = [
    new Linear(5, 6),
    new MaskedPsn(2, 3, { lambda: 0.5 }),
    new Dropout(0.25),
    new Psn(3),
  ];
  await checkNetwork(gpu, { layers, input: "direct", timeSteps: 3, batch: 3, features: 5 });
});

Deno.test("models know parallel neurons as neurons", async () => {
  const gpu = await sharedGpu();
  const network = new Sequential([new Linear(6, 9), new Psn(5), new SlidingPsn(2)]);
  using model = await Model.compile(gpu, network, {
    input: [6],
    encoder: new DirectEncoder(),
    timeSteps: 5,
  });
  const data = randomPictures({ count: 4, shape: [6], classes: 9, seed: 2 });
  const parameters = await model.parameters();
  const random = new Random(5);
  for (const { data } of parameters.values()) {
    data.forEach((_, i) => data[i] = random.uniform(-1, 1));
  }
  model.load(parameters);

  const { firing, counts } = await model.evaluate(data, { count: true });
  assertEquals(firing.map(({ kind }) => kind), ["Psn", "SlidingPsn"]);
  let spikes = 0;
  for (let i = 0; i < 4; i++) {
    const { layers } = await model.record(data.take([i]));
    const { spikes: fired, traces: { v } } = layers[1]!;
    // Without a reset, the potential is what a neuron was charged to.
    assertEquals([...fired!], Array.from(v!, (h) => Number(h >= 0)));
    spikes += fired!.reduce((sum, spike) => sum + spike, 0);
  }
  assert(spikes > 0 && spikes < 4 * 5 * 9);
  assertAlmostEquals(firing[0]!.meanRate, spikes / (4 * 5 * 9), 1e-6);
  // A product for each input that a charge sees: T of a Psn, k of a SlidingPsn.
  const updates = counts!.layers.map(({ kind, potentialUpdates }) => [kind, potentialUpdates]);
  assertEquals(updates, [
    ["Linear", 0],
    ["Psn", 4 * 5 * 9 * 5],
    ["SlidingPsn", 4 * 5 * 9 * 2],
  ]);

  const again = await Model.fromJson(gpu, JSON.parse(JSON.stringify(model)));
  assertEquals(again.toJSON(), model.toJSON());
  again.dispose();
});

Deno.test("the mask of a MaskedPsn is moved by loading it", async () => {
  const gpu = await sharedGpu();
  const network = new Sequential([new MaskedPsn(1, 3)]);
  using model = await Model.compile(gpu, network, {
    input: [1],
    encoder: new DirectEncoder(),
    timeSteps: 3,
  });
  const tensor = (shape: number[], data: number[]) => ({ shape, data: Float32Array.from(data) });
  model.load(
    new Map([
      ["layer.0.weight", tensor([3, 3], [0, 0, 1, 0, 0, 0, 0, 0, 1])],
      ["layer.0.bias", tensor([3, 1], [-0.25, -0.25, -0.25])],
    ]),
    { strict: false },
  );
  const data = imageDataset(Uint8Array.of(200), { shape: [1], labels: [0], classes: 1 });
  const spikes = async (lambda: number) => {
    model.load(new Map([["layer.0._lambda_", tensor([], [lambda])]]), { strict: false });
    return [...(await model.record(data)).layers.at(-1)!.spikes!];
  };
  // The first charge sees the last input until enough of the mask is on.
  assertEquals([await spikes(0), await spikes(0.5)], [[1, 0, 1], [1, 0, 1]]);
  assertEquals([await spikes(0.75), await spikes(1.5)], [[0, 0, 1], [0, 0, 1]]);
  assertEquals([...(await model.parameters()).get("layer.0._lambda_")!.data], [1.5]);
});

Deno.test("state dicts of SpikingJelly fit parallel neurons", () => {
  const tensor = (...shape: number[]): Tensor => ({ shape, data: new Float32Array(sizeOf(shape)) });
  const network = new Sequential([new Psn(4), new MaskedPsn(2, 4), new SlidingPsn(3)]);
  const { names } = matchParameters(
    network,
    [5],
    new Map([
      ["0.weight", tensor(4, 4)],
      ["0.bias", tensor(4, 1)],
      ["1.weight", tensor(4, 4)],
      ["1.bias", tensor(4, 1)],
      ["1._lambda_", tensor()],
      ["1.mask0", tensor(4, 4)],
      ["1.mask1", tensor(4, 4)],
      ["2.weight", tensor(3)],
      ["2.bias", tensor()],
    ]),
    { constants: ["mask0", "mask1"] },
  );
  assertEquals(names.get("layer.0.bias"), "0.bias");
  assertEquals(names.get("layer.1._lambda_"), "1._lambda_");
  assertEquals(names.get("layer.2.bias"), "2.bias");
});

Deno.test("parallel neurons start as SpikingJelly's", async () => {
  const gpu = await sharedGpu();
  const network = new Sequential([
    new Psn(4),
    new MaskedPsn(2, 4),
    new SlidingPsn(3),
    new SlidingPsn(4, { expInit: false }),
  ]);
  const options = { input: [2], encoder: new DirectEncoder(), timeSteps: 4 };
  using model = await Model.compile(gpu, network, options);
  const first = await model.parameters();
  const shapeAndData = (name: string) => {
    const { shape, data } = first.get(`layer.${name}`)!;
    return [[...shape], [...data]];
  };
  assertEquals(shapeAndData("0.bias"), [[4, 1], [-1, -1, -1, -1]]);
  assertEquals(shapeAndData("1._lambda_"), [[], [0]]);
  assertEquals(shapeAndData("2.weight"), [[3], [0.25, 0.5, 1]]);
  assertEquals(shapeAndData("2.bias"), [[], [-1]]);
  for (const name of ["0.weight", "1.weight", "3.weight"]) {
    const most = Math.max(...[...first.get(`layer.${name}`)!.data].map((w) => Math.abs(Number(w))));
    assert(most > 0.2 && most <= 0.5, `${name}: ${most}`);
  }
});

Deno.test("parallel neurons are made again from JSON, and say what they can't take", async () => {
  for (
    const layer of [
      new Psn(8, soft),
      new MaskedPsn(3, 8, { lambda: 0.25 }),
      new SlidingPsn(5, { expInit: false }),
    ]
  ) {
    const again = layerFromJson(JSON.parse(JSON.stringify(layer)));
    assertEquals(again.constructor, layer.constructor);
    assertEquals(again.toJSON(), layer.toJSON());
  }
  assertThrows(() => new Psn(0), RangeError, "timeSteps must be");
  assertThrows(() => new MaskedPsn(0, 4), RangeError, "k must be");
  assertThrows(() => new MaskedPsn(2, 4, { lambda: NaN }), RangeError, "lambda must be");
  assertThrows(() => new SlidingPsn(1.5), RangeError, "k must be");
  const options = { input: [2], encoder: new DirectEncoder(), timeSteps: 5 };
  await assertRejects(
    async () => {
      using model = await Model.compile(await sharedGpu(), new Sequential([new Psn(4)]), options);
      await model.predict(randomPictures({ count: 1, shape: [2], classes: 2, seed: 1 }));
    },
    RangeError,
    "layer.0 (Psn): Cannot compile Psn neurons as they have weights for 4 time steps: the model has 5",
  );
});
