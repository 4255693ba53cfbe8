import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { AlifNode, CubaLifNode, EifNode, IfNode, LifNode, LiNode } from "../../mod.ts";
import { ParametricLifNode, QifNode, Simulation } from "../../mod.ts";
import { layerFromJson, Random } from "../../src/extend.ts";
import { fitsOneKernel } from "../../src/neurons/pair/equations.ts";
import { learnedTensors } from "../../src/neurons/pair/learned.ts";
import { assertClose } from "../support/close.ts";
import { sharedGpu } from "../support/gpu.ts";

const CLOSE = { rtol: 1e-5, atol: 1e-6 };
const [batchSize, features] = [3, 5];
const neurons = batchSize * features;

function random(
  length: number,
  low: number,
  high: number,
  seed: number,
): Float32Array<ArrayBuffer> {
  const numbers = new Random(seed);
  return Float32Array.from({ length }, () => numbers.uniform(low, high));
}

Deno.test("what neurons learn has names and shapes, one after the other", () => {
  const layer = new CubaLifNode({ tauSyn: { learned: [2, 5] }, tauMem: { learned: 3 } });
  const [syn, mem, ...others] = learnedTensors(layer.describe());
  assertEquals([syn!.name, syn!.shape, syn!.offset], ["w_syn", [2], 0]);
  assertEquals([mem!.name, mem!.shape, mem!.offset], ["w_mem", [], 2]);
  assertClose([...syn!.first, ...mem!.first], [0, -Math.log(4), -Math.log(2)], CLOSE);
  assertEquals(others, []);
  assertEquals(learnedTensors(new ParametricLifNode().describe()).map(({ name }) => name), ["w"]);
  for (const layer of [new LifNode({ tau: [2, 3] }), new LiNode(), new CubaLifNode()]) {
    assertEquals(learnedTensors(layer.describe()), []);
  }
});

Deno.test("neurons come back from their JSON", () => {
  const layers = [
    new LifNode({ tau: [2, 3], vThreshold: 0.5, vReset: null, decayInput: false }),
    new IfNode({ vInit: 0.25, detachReset: true }),
    new ParametricLifNode({ tau: 3, vReset: [0, -0.5] }),
    new CubaLifNode({ tauSyn: { learned: [2, 5] }, tauMem: 7, decayCurrent: true, iInit: 0.5 }),
    new LiNode({ tau: { learned: 4 }, vRest: [0.5, 0], vInit: 1 }),
  ];
  for (const layer of layers) {
    const again = layerFromJson(JSON.parse(JSON.stringify(layer)));
    assertEquals(JSON.stringify(again), JSON.stringify(layer));
    assertEquals(again.constructor, layer.constructor);
  }
});

Deno.test("neurons that differ, learn or have more than a potential are no part of one kernel", () => {
  for (const layer of [new LifNode(), new IfNode(), new LifNode({ tau: [3, 3], vReset: [0, 0] })]) {
    assert(fitsOneKernel(layer.describe()));
  }
  for (
    const layer of [
      new LifNode({ tau: [2, 3] }),
      new LifNode({ vThreshold: [1, 2] }),
      new LifNode({ vInit: [0, 0.5] }),
      new LifNode({ storeV: true }),
      new ParametricLifNode(),
      new CubaLifNode(),
      new LiNode(),
    ]
  ) assert(!fitsOneKernel(layer.describe()));
});

Deno.test("numbers that are the same for each neuron are one number", async () => {
  const gpu = await sharedGpu();
  const shape = { timeSteps: 20, neurons, features };
  const each = (value: number) => new Float32Array(features).fill(value);
  const layers = [
    new LifNode({ tau: 3, vThreshold: 0.75, vReset: -0.25, storeV: true }),
    new LifNode({ tau: each(3), vThreshold: each(0.75), vReset: each(-0.25), storeV: true }),
  ];
  const results = [];
  for (const layer of layers) {
    using simulation = await Simulation.compile(gpu, layer, shape);
    const forward = await simulation.forward(random(20 * neurons, -0.5, 3, 3));
    results.push([forward, await simulation.backward({ spikes: random(neurons, -1, 1, 4) })]);
  }
  assertEquals(results[0], results[1]);
  assertNotEquals(results[0]![0], undefined);
});

const WRONG: [make: () => unknown, message: string][] = [
  [
    () => new LifNode({ tau: [2, 1] }),
    "LIF neurons as tau[1] must be a finite number greater than 1",
  ],
  [() => new LifNode({ tau: [] }), "LIF neurons as tau must be a number or one for each neuron"],
  [() => new LifNode({ vThreshold: [1, NaN] }), "vThreshold[1] must be a finite number"],
  [() => new IfNode({ vReset: [Infinity] }), "IF neurons as vReset[0] must be a finite number"],
  [
    () => new ParametricLifNode({ tau: 1 }),
    "parametric LIF neurons as tau must be a finite number greater than 1: current value is 1",
  ],
  [
    () => new CubaLifNode({ tauSyn: 0.5 }),
    "current-based LIF neurons as tauSyn must be a finite number of at least 1: current value is 0.5",
  ],
  [
    () => new CubaLifNode({ tauMem: { learned: 1 } }),
    "tauMem must be a finite number greater than 1",
  ],
  [() => new CubaLifNode({ iInit: NaN }), "iInit must be a finite number"],
  [() => new LiNode({ tau: [2, -1] }), "leaky integrators as tau[1] must be a finite number of at"],
  [() => new LiNode({ vRest: NaN }), "leaky integrators as vRest must be a finite number"],
];
for (const [make, message] of WRONG) {
  Deno.test(`refused: ${message}`, () => {
    const error = assertThrows(make, RangeError);
    assert(
      error.message.startsWith("Cannot create ") && error.message.includes(message),
      error.message,
    );
  });
}

Deno.test("a reset that can't be delayed is refused", async () => {
  const delayed = { vReset: null, resetDelay: true };
  assertThrows(
    () => new LifNode({ resetDelay: true }),
    RangeError,
    "resetDelay delays a soft reset: vReset must be null, but is 0",
  );
  assertThrows(
    () => new LifNode({ ...delayed, detachReset: false }),
    RangeError,
    "no gradient passes a delayed reset: detachReset is false",
  );
  assertEquals(new LifNode(delayed).options.detachReset, true);
  const gpu = await sharedGpu();
  await assertRejects(
    () => Simulation.compile(gpu, new AlifNode(delayed), { timeSteps: 2, neurons: 1 }),
    RangeError,
    "Cannot compile AlifNode neurons as their reset can't be delayed",
  );
  for (const Node of [QifNode, EifNode]) {
    assertEquals([new Node().options.vReset, new Node({ vReset: null }).options.vReset], [
      -0.1,
      null,
    ]);
  }
});
