/** What can't be said exactly, in NIR or here, is refused: by layer or node, with the reason. */

import { assertEquals, assertThrows } from "@std/assert";
import {
  AvgPool2d,
  BatchNorm2d,
  CubaLifNode,
  IfNode,
  LifNode,
  type LifNodeOptions,
  Linear,
  MaxPool2d,
  Residual,
  Sequential,
} from "../../mod.ts";
import type { Layer, Shape } from "../../src/extend.ts";
import type { Tensor } from "../../src/formats/mod.ts";
import {
  fromNir,
  type FromNirOptions,
  type NirGraph,
  type NirNode,
  toNir,
} from "../../src/nir/mod.ts";

function unsaid(layer: Layer, reason: string, input: Shape = [2]): void {
  const error = assertThrows(() => toNir(new Sequential([layer]), new Map(), { input }), TypeError);
  const start = `Cannot write the network as NIR as layer 0 (${layer.kind}) ${reason}`;
  assertEquals(error.message.slice(0, start.length), start);
}

Deno.test("toNir() refuses what NIR can't say", () => {
  const lif = (options: LifNodeOptions) => new LifNode(options);
  unsaid(lif({ vReset: null }), "has a soft reset, which no file can tell from a hard one");
  unsaid(lif({ vInit: 0.5 }), "starts at vInit 0.5, which NIR can't say: it must be vReset, 0");
  unsaid(lif({ vThreshold: 0 }), "has a threshold of 0, below which devices have no number");
  unsaid(lif({ tau: [2, 3, 4] }), "has 3 numbers in tau for 2 neurons");
  unsaid(
    new IfNode({ vInit: [0, 1] }),
    "starts at vInit 1, which NIR can't say: it must be vReset, 0",
  );
  unsaid(new CubaLifNode({ iInit: 1 }), "starts with a current, iInit: in NIR it is 0");
  unsaid(
    new CubaLifNode({ tauMem: 1, decayCurrent: true }),
    "has a time constant of 1 and decayCurrent, which no file can tell from none",
  );
  unsaid(
    new CubaLifNode({ vRest: 0.5 }),
    "starts at vInit 0, which NIR can't say: it must be vRest, 0.5",
  );
  unsaid(new MaxPool2d(2), "is a kind of layer that NIR has no node for: it has those of", [
    1,
    2,
    2,
  ]);
  unsaid(new BatchNorm2d(1), "is a kind of layer that NIR has no node for", [1, 2, 2]);
  unsaid(new Residual(new IfNode()), "is a kind of layer that NIR has no node for");
  unsaid(new AvgPool2d(2, { ceilMode: true }), "has ceilMode, which NIR can't say", [1, 3, 3]);
  unsaid(
    new AvgPool2d(2, { padding: 1, countIncludePad: false }),
    "leaves its padding out of the mean, which NIR can't say: countIncludePad",
    [1, 3, 3],
  );
});

Deno.test("toNir() refuses options and parameters that aren't there", () => {
  const network = new Sequential([new Linear(2, 1)]);
  const refuse = (options: object, Class: new () => Error, reason: string) =>
    assertThrows(
      () => toNir(network, new Map(), { input: [2], ...options }),
      Class,
      `Cannot write the network as NIR as ${reason}`,
    );
  refuse({}, TypeError, 'the parameters lack "layer.0.weight"');
  refuse({ dt: 0 }, RangeError, "dt must be a finite number greater than 0: current value is 0");
  refuse({ fires: "below" }, RangeError, 'fires must be "above" or "at": current value is "below"');
  assertThrows(() => toNir(network, new Map(), { input: [3] }), RangeError, "layer 0 (Linear)");
});

const tensor = (shape: number[], ...data: number[]): Tensor => {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float64Array.from({ length }, (_, i) => data[i % data.length]!) };
};
const ends = (type: "Input" | "Output", ...sizes: number[]): NirNode => ({
  type,
  parameters: { shape: tensor([sizes.length], ...sizes) },
});
const LIF = {
  tau: tensor([2], 2e-4),
  r: tensor([2], 1),
  v_leak: tensor([2], 0),
  v_threshold: tensor([2], 1),
  v_reset: tensor([2], 0),
};
const CONV = {
  weight: tensor([1, 1, 2, 2], 1),
  bias: tensor([1], 0),
  stride: tensor([2], 1),
  padding: tensor([2], 0),
  dilation: tensor([2], 1),
  groups: tensor([], 1),
};

/** A graph of one node "a" between its ends. */
function around(node: NirNode, input = [2], output = input): NirGraph {
  return {
    type: "NIRGraph",
    nodes: new Map<string, NirNode>([
      ["in", ends("Input", ...input)],
      ["a", node],
      ["out", ends("Output", ...output)],
    ]),
    edges: [["in", "a"], ["a", "out"]],
  };
}

function unread(graph: NirGraph, reason: string, options: FromNirOptions = {}): void {
  const error = assertThrows(() => fromNir(graph, { name: "a.nir", ...options }), TypeError);
  const start = `Cannot make a network of "a.nir" as ${reason}`;
  assertEquals(error.message.slice(0, start.length), start);
}

Deno.test("fromNir() refuses nodes that no layer is exactly", () => {
  const lif = (change: Record<string, Tensor>, reason: string, options?: FromNirOptions) =>
    unread(
      around({ type: "LIF", parameters: { ...LIF, ...change } }),
      `node "a" (LIF) ${reason}`,
      options,
    );
  lif(
    { tau: tensor([2], 1e-4) },
    "has tau of 1 time steps: it must be more than 1; is dt, 0.0001 s, the file's?",
  );
  lif(
    {},
    "has tau of 0.2 time steps: it must be at least 1; is dt, 0.001 s, the file's? Norse writes",
    { dt: 1e-3 },
  );
  lif(
    { r: tensor([2], 1, 2) },
    "has r = 1: all must be 1, or all tau / dt, which is 2 with dt 0.0001",
  );
  lif({ r: tensor([2], 3) }, "has r = 3: all must be 1, or all tau / dt");
  lif({ v_leak: tensor([2], 0, 0.5) }, "has v_leak 0.5, but resets to 0: they must be equal");
  lif(
    { v_leak: tensor([2], 0.5), v_reset: tensor([2], 0.5) },
    "has v_leak 0.5, but resets to 0: they must be equal, 0 with a soft reset",
    { softReset: true },
  );
  lif({ v_threshold: tensor([2], 0) }, "has a v_threshold of 0, above which devices have no next");
  const six = Object.fromEntries(Object.keys(LIF).map((name) => [name, tensor([3], 1)]));
  lif(six, "has v_threshold of [3], but [2] comes in");

  const node = (node: NirNode, reason: string, input?: number[], output?: number[]) =>
    unread(around(node, input, output), `node "a" (${node.type}) ${reason}`);
  const { v_threshold, v_reset } = LIF;
  node(
    { type: "IF", parameters: { r: tensor([2], 1), v_threshold, v_reset } },
    "adds r dt = 0.0001 of its input at a time step: it must be 1; files of Norse, sinabs and Spyx",
  );
  node({ type: "I", parameters: { r: tensor([2], 1) } }, "has no counterpart here");
  node({ type: "Delay", parameters: { delay: tensor([2], 0, 1) } }, "delays what comes in");
  node(
    { type: "Scale", parameters: { scale: tensor([2], 2) } },
    "scales what comes in, which no layer does, and no weights before it could take that over",
  );
  node(
    { type: "Linear", parameters: { weight: tensor([1, 2, 2], 1) } },
    "has weights of [1, 2, 2]: they must have two dimensions, [out, in]",
  );
  node(
    { type: "Linear", parameters: { weight: tensor([2, 3], 1) } },
    "doesn't fit: Cannot compile Linear 3 to 2 as it takes samples of [3]: it gets [2]",
  );
  node(
    { type: "Linear", parameters: { weight: tensor([2, 2], 1e39) } },
    "has 1e+39 in weight, more than float32 holds",
  );
  node(
    { type: "Conv2d", parameters: { ...CONV, input_shape: tensor([2], 4) } },
    "takes pictures of [4, 4], but [1, 3, 3] comes in",
    [1, 3, 3],
  );
  node(
    { type: "Conv2d", parameters: { ...CONV, stride: tensor([2], 1.5) } },
    "has a stride that isn't integers",
    [1, 3, 3],
  );
  node(
    { type: "Conv2d", parameters: { ...CONV, padding: tensor([3], 1) } },
    "has a padding of 3 numbers: it must have 2",
    [1, 3, 3],
  );
  node({ type: "Conv2d", parameters: CONV }, "doesn't fit: Cannot compile Conv2d 1 to 1", [
    1,
    1,
    1,
  ]);
  node(
    {
      type: "Flatten",
      parameters: { start_dim: tensor([], 0), end_dim: tensor([], 1) },
    },
    "flattens dimensions 0 to 1 of [1, 3, 3]: it must flatten the last",
    [1, 3, 3],
  );
  unread(
    around({ type: "LIF", parameters: LIF }, [2], [3]),
    'node "out" (Output) says [3], but [2] comes in',
  );
});

Deno.test("fromNir() refuses graphs that are no chains", () => {
  const lif: NirNode = { type: "LIF", parameters: LIF };
  const graph = (
    edges: [string, string][],
    nodes: Record<string, NirNode | NirGraph> = {},
  ): NirGraph => ({
    type: "NIRGraph",
    nodes: new Map<string, NirNode | NirGraph>([
      ["in", ends("Input", 2)],
      ["a", lif],
      ["out", ends("Output", 2)],
      ...Object.entries(nodes),
    ]),
    edges,
  });
  const only = "only chains can be read, and neurons whose spikes come back to them by one node";
  unread(
    graph([["in", "a"], ["a", "out"], ["a", "b"]], { b: lif }),
    `node "a" leads to both node "out" and node "b": ${only}`,
  );
  unread(
    graph([["in", "a"], ["in2", "a"], ["a", "out"]], { in2: lif }),
    `both node "in" and node "in2" lead to node "a": ${only}`,
  );
  unread(graph([["in", "a"], ["a", "in"]]), `node "in" leads back to itself: ${only}`);
  unread(graph([["in", "a"]]), 'node "a" leads nowhere, and isn\'t an Output');
  unread(graph([["in", "a"], ["a", "out"]], { b: lif }), 'node "b" isn\'t reached from the Input');
  unread(
    graph([["in", "a"], ["a", "out"]], { b: ends("Input", 2) }),
    "it has 2 nodes that are an Input: it must have one",
  );
  unread(
    graph([["in", "out"]], { a: { type: "NIRGraph", nodes: new Map(), edges: [] } }),
    'node "a"',
  );
  const recurrent = graph([["in", "a"], ["a", "w"], ["w", "a"], ["a", "out"]], { w: lif });
  unread(
    graph([["in", "a"], ["a", "out"]], { a: recurrent }),
    'node "a.w" (LIF) takes what neurons fired back to them: only Linear and Affine are read there',
  );
});

Deno.test("fromNir() reads graphs in graphs, and notes what it changed", () => {
  const inner = around({ type: "LIF", parameters: LIF });
  const graph: NirGraph = {
    type: "NIRGraph",
    nodes: new Map<string, NirNode | NirGraph>([
      ["in", ends("Input", 2)],
      ["w", { type: "Linear", parameters: { weight: tensor([2, 2], 0.1, 0.5) } }],
      ["g", inner],
      ["out", ends("Output", 2)],
    ]),
    edges: [["in", "w"], ["w", "g"], ["g", "out"]],
    metadata: new Map([["dt", tensor([], 2e-4)]]),
  };
  const { network, notes, dt } = fromNir(graph, { dt: 1e-4, fires: "at" });
  assertEquals(network.layers.map(({ kind }) => kind), ["Linear", "LifNode"]);
  assertEquals(dt, 1e-4);
  assertEquals(notes, [
    'node "w" (Linear): 2 of 4 numbers of weight are rounded to float32',
    "the graph says that dt is 0.0002",
  ]);
  const soft = fromNir(inner, { softReset: true });
  const { vReset, resetDelay } = (soft.network.layers[0] as LifNode).options;
  assertEquals([vReset, resetDelay], [null, false]);
  const delayed = fromNir(inner, { softReset: "delayed" });
  assertEquals((delayed.network.layers[0] as LifNode).options.resetDelay, true);
  assertEquals(soft.notes, [
    "what a spike subtracts is the threshold here, the float32 above the graph's",
  ]);
});

Deno.test("fromNir() scales the weights before a Scale, where that is exact", () => {
  const scaled = (scale: Tensor, weight = tensor([2, 2], 0.3, -1, 0.5, 7)) =>
    fromNir({
      type: "NIRGraph",
      nodes: new Map<string, NirNode>([
        ["in", ends("Input", 2)],
        ["w", { type: "Affine", parameters: { weight, bias: tensor([2], 3, 0.1) } }],
        ["s", { type: "Scale", parameters: { scale } }],
        ["out", ends("Output", 2)],
      ]),
      edges: [["in", "w"], ["w", "s"], ["s", "out"]],
    });
  const { network, parameters } = scaled(tensor([2], 2, -0.25));
  assertEquals(network.layers.length, 1);
  assertEquals(
    parameters.get("layer.0.weight")!.data,
    Float32Array.of(Math.fround(0.3) * 2, -2, -0.125, -1.75),
  );
  assertEquals(parameters.get("layer.0.bias")!.data, Float32Array.of(6, Math.fround(0.1) * -0.25));
  const refuse = (scale: Tensor, reason: string, weight?: Tensor) =>
    assertThrows(
      () => scaled(scale, weight),
      TypeError,
      `node "s" (Scale) scales what comes in, which no layer does, and ${reason}`,
    );
  refuse(tensor([2], 3), "weights would be rounded, as not all factors are powers of two");
  refuse(tensor([2], 0), "weights would be rounded, as not all factors are powers of two");
  refuse(tensor([2], 2 ** 100), "weights before it would leave the range", tensor([2, 2], 1e30));
  refuse(tensor([2], 2 ** -30), "weights before it would leave the range", tensor([2, 2], 1.1e-37));
});

Deno.test("a Scale after a convolution has one factor for each channel", () => {
  const scaled = (scale: Tensor) =>
    fromNir({
      type: "NIRGraph",
      nodes: new Map<string, NirNode>([
        ["in", ends("Input", 1, 2, 3)],
        ["w", {
          type: "Conv2d",
          parameters: { ...CONV, weight: tensor([2, 1, 2, 2], 1), bias: tensor([2], 1) },
        }],
        ["s", { type: "Scale", parameters: { scale } }],
        ["out", ends("Output", 2, 1, 2)],
      ]),
      edges: [["in", "w"], ["w", "s"], ["s", "out"]],
    });
  const { parameters } = scaled(tensor([2, 1, 2], 2, 2, 0.5, 0.5));
  assertEquals(
    parameters.get("layer.0.weight")!.data,
    Float32Array.of(2, 2, 2, 2, 0.5, 0.5, 0.5, 0.5),
  );
  assertEquals(parameters.get("layer.0.bias")!.data, Float32Array.of(2, 0.5));
  assertThrows(
    () => scaled(tensor([2, 1, 2], 2, 4, 0.5, 0.5)),
    TypeError,
    "weights before it are the same for all places of a channel",
  );
});
