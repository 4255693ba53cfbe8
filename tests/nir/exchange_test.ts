/** Networks of other programs give the spikes that they gave there; ours come back as they were. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import {
  AvgPool2d,
  Conv1d,
  Conv2d,
  CubaLifNode,
  CubaLiNode,
  Dropout,
  Flatten,
  IfNode,
  LifNode,
  Linear,
  LiNode,
  ParametricLifNode,
  Recurrent,
  Sequential,
  SumPool2d,
} from "../../mod.ts";
import type { Layer, NeuronDescription, Shape } from "../../src/extend.ts";
import { NeuronLayer } from "../../src/extend.ts";
import { declaredTensors } from "../../src/model/declared_tensors.ts";
import { decodeSafetensors, type Tensor } from "../../src/formats/mod.ts";
import {
  decodeNir,
  encodeNir,
  fromNir,
  type FromNirOptions,
  type NirGraph,
  toNir,
  type ToNirOptions,
} from "../../src/nir/mod.ts";
import { readGolden } from "./golden.ts";
import { runOver } from "./run.ts";
import { sharedGpu } from "../support/gpu.ts";

/** How each program's file is read, and how else its spikes would be others. */
const PROGRAMS: Readonly<Record<string, { as: FromNirOptions; not: FromNirOptions }>> = {
  "spikingjelly": { as: { fires: "at" }, not: {} },
  "spikingjelly-conv": { as: { fires: "at" }, not: {} },
  "snntorch": { as: {}, not: { fires: "at" } },
  // Its times are too short by its own dt, 2^-10.
  "norse": { as: { dt: 2 ** -20 }, not: { dt: 2 ** -20, fires: "at" } },
  "snntorch-recurrent": { as: {}, not: { fires: "at" } },
  // What comes back has no bias at the first step.
  "norse-recurrent": { as: { feedbackBias: "later" }, not: {} },
};

for (const [name, { as, not }] of Object.entries(PROGRAMS)) {
  Deno.test(`a network of ${name} spikes as it did there`, async () => {
    const gpu = await sharedGpu();
    const graph = await decodeNir(await readGolden(`${name}.nir`));
    const { tensors } = decodeSafetensors(await readGolden("spikes.safetensors"));
    const [x, y] = [tensors.get(`${name}.x`)!, tensors.get(`${name}.y`)!];
    const wanted = Array.from(y.data, Number);
    assert(wanted.includes(1));
    const read = fromNir(graph, as);
    assertEquals(read.notes, []);
    assertEquals(await runOver(gpu, read, x), wanted);
    assertNotEquals(await runOver(gpu, fromNir(graph, not), x), wanted);
    // NIR's potentials and currents start at rest.
    if (as.feedbackBias === "later") return;
    // And so it does once it went through a file of ours.
    const again = fromNir(await decodeNir(encodeNir(toNir(read.network, read.parameters, read))));
    assertEquals(await runOver(gpu, again, x), wanted);
  });
}

/** A network, what a sample has, and its parameters. */
interface Case {
  readonly network: Sequential;
  readonly input: Shape;
}

function parametersOf({ network, input }: Case, seed: number): Map<string, Tensor> {
  let state = seed;
  const next = () =>
    (state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0) / 2 ** 31;
  return new Map(
    Array.from(declaredTensors(network, input), ([name, shape]) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return [name, { shape: [...shape], data: Float32Array.from({ length }, next) }];
    }),
  );
}

const float = (min: number, max: number) =>
  fc.oneof(
    fc.double({ min, max, noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: Math.ceil(100 * min), max: Math.floor(100 * max) }).map((n) => n / 100),
  ).filter((value) => value === 0 || Math.abs(value) > 1e-30);

/** Neurons of any kind for a shape, whose constants are one number or one for each. */
function anyNeurons(shape: Shape): fc.Arbitrary<NeuronLayer> {
  const count = shape.reduce((product, size) => product * size, 1);
  const value = (min: number, max: number) =>
    fc.oneof(
      float(min, max),
      fc.array(float(min, max), { minLength: count, maxLength: count })
        .filter((values) => new Set(values.map(Math.fround)).size === count),
    );
  const firing = fc.record({ vThreshold: value(0.1, 3), vReset: value(-1, 0.5) });
  const tau = fc.oneof(value(1.01, 1000), fc.constantFrom(2, 3.7, 10, 20));
  const cuba = fc.record({
    tauSyn: tau,
    tauMem: tau,
    decayInput: fc.boolean(),
    decayCurrent: fc.boolean(),
    vRest: value(-1, 1),
  });
  return fc.oneof(
    firing.map((options) => new IfNode(options)),
    fc.record({ tau, decayInput: fc.boolean(), firing }).map(({ firing, ...options }) =>
      new LifNode({ ...options, ...firing })
    ),
    fc.record({ tau, decayInput: fc.boolean(), vRest: value(-1, 1) })
      .map((options) => new LiNode(options)),
    cuba.map((options) => new CubaLiNode(options)),
    fc.tuple(firing, cuba).map(([firing, options]) =>
      new CubaLifNode({ ...firing, ...options, vInit: options.vRest })
    ),
  );
}

/** Layers before neurons, by what comes in. */
const BEFORE: readonly { input: Shape; layers: readonly Layer[] }[] = [
  { input: [3], layers: [new Linear(3, 2)] },
  { input: [3], layers: [new Linear(3, 2, { bias: false }), new Dropout(0.5)] },
  { input: [2, 2, 1], layers: [new Flatten(), new Sequential([new Linear(4, 2)])] },
  {
    input: [2, 3, 2],
    layers: [new Flatten({ startDim: 2 }), new Conv1d(2, 3, { kernelSize: 1 })],
  },
  {
    input: [2, 6, 5],
    layers: [
      new Conv2d(2, 4, { kernelSize: [3, 2], stride: [2, 1], padding: [1, 0], groups: 2 }),
      new AvgPool2d(2, { padding: 1 }),
    ],
  },
  {
    input: [1, 4, 4],
    layers: [
      new Conv2d(1, 2, { kernelSize: 2, padding: "same", dilation: 2, bias: false }),
      new SumPool2d([2, 4], { stride: [1, 2] }),
    ],
  },
  {
    input: [2, 7],
    layers: [new Conv1d(2, 2, { kernelSize: 3, stride: 2, dilation: 2, padding: 1 })],
  },
];

const anyCase: fc.Arbitrary<Case> = fc.constantFrom(...BEFORE).chain(({ input, layers }) => {
  const shape = new Sequential(layers).outputShape(input);
  return fc.tuple(anyNeurons(shape), fc.constantFrom(undefined, true, false)).map(
    ([neurons, bias]) => {
      const hears = bias !== undefined && shape.length === 1 && neurons.describe().fires !== false;
      const last = hears ? new Recurrent(neurons, { bias }) : neurons;
      return { input, network: new Sequential([...layers, last]) };
    },
  );
});

/** The layers that compute, with constants as kernels have them. */
function computed(layer: Layer): unknown[] {
  if (layer instanceof Sequential) return layer.layers.flatMap(computed);
  if (layer instanceof Dropout) return [];
  if (layer instanceof Recurrent) return [layer.bias, ...computed(layer.neurons)];
  if (!(layer instanceof NeuronLayer)) return [layer.toJSON()];
  const { surrogate: _, ...description }: NeuronDescription = layer.describe();
  return [JSON.parse(JSON.stringify(description, (_, value) => {
    if (typeof value === "number") return Math.fround(value);
    return ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value;
  }))];
}

/** Parameters without the places of their layers, which change where containers are laid open. */
const numbers = (parameters: ReadonlyMap<string, Tensor>) => [...parameters.values()];

Deno.test("networks come back the same from a graph and from a file", async () => {
  const options: fc.Arbitrary<Omit<ToNirOptions, "input">> = fc.record({
    dt: fc.constantFrom(1e-4, 1e-3, 1, 0.0017, 1 / 3),
    fires: fc.constantFrom("above", "at"),
  });
  let count = 0;
  await fc.assert(
    fc.asyncProperty(anyCase, options, fc.integer(), async (own, options, seed) => {
      const parameters = parametersOf(own, seed);
      const graph = toNir(own.network, parameters, { ...options, input: own.input });
      const file = await decodeNir(encodeNir(graph));
      for (const from of [graph, file]) {
        // dt is the metadata's.
        const read = fromNir(from, { fires: options.fires! });
        assertEquals(computed(read.network), computed(own.network));
        assertEquals(numbers(read.parameters), numbers(parameters));
        assertEquals(read.input, own.input);
        assertEquals(read.dt, options.dt);
        assertEquals(read.notes, []);
      }
      count++;
    }),
    { seed: 1, numRuns: 300 },
  );
  assertEquals(count, 300);
});

Deno.test("a learned time constant is written as it is", () => {
  const network = new Sequential([
    new ParametricLifNode({ tau: 2 }),
    new CubaLifNode({ tauSyn: { learned: [2, 2] }, tauMem: { learned: 4 } }),
  ]);
  const { network: read } = fromNir(
    toNir(
      network,
      new Map([
        ["layer.0.w", { shape: [], data: Float32Array.of(-Math.log(3)) }],
        ["layer.1.w_syn", { shape: [2], data: Float32Array.of(-Math.log(1.5), 0) }],
        ["layer.1.w_mem", { shape: [], data: Float32Array.of(-Math.log(9)) }],
      ]),
      { input: [2] },
    ),
  );
  const [lif, cuba] = read.layers as [LifNode, CubaLifNode];
  assertEquals(Math.fround(lif.tau as number), 4);
  assertEquals(lif.kind, "LifNode");
  assertEquals(Array.from(cuba.constants.tauSyn as Float32Array), [2.5, 2]);
  assertEquals(Math.fround(cuba.constants.tauMem as number), 10);
});

Deno.test("a Threshold has no memory", async () => {
  const gpu = await sharedGpu();
  const tensor = (...data: number[]): Tensor => ({ shape: [2], data: Float32Array.from(data) });
  const shape = { shape: [1], data: BigInt64Array.of(2n) };
  const graph: NirGraph = {
    type: "NIRGraph",
    nodes: new Map([
      ["in", { type: "Input", parameters: { shape } }],
      ["one", { type: "Scale", parameters: { scale: tensor(1, 1) } }],
      ["now", { type: "Delay", parameters: { delay: tensor(0, 0) } }],
      ["fire", { type: "Threshold", parameters: { threshold: tensor(1, 0.5) } }],
      ["out", { type: "Output", parameters: { shape } }],
    ]),
    edges: [["in", "one"], ["one", "now"], ["now", "fire"], ["fire", "out"]],
  };
  const x = { shape: [4, 1, 2], data: Float32Array.of(0.9, 0.4, 0.9, 0.6, 1, 0.5, 1.1, -3) };
  assertEquals(await runOver(gpu, fromNir(graph), x), [0, 0, 0, 1, 0, 0, 1, 0]);
  assertEquals(await runOver(gpu, fromNir(graph, { fires: "at" }), x), [0, 0, 0, 1, 1, 1, 1, 0]);
});
