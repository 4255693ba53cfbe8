/** NIR files: what is read of those of each version, what is refused. */

import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Hdf5Item, type Hdf5Tree, writeHdf5 } from "../../src/formats/hdf5/write.ts";
import { FormatError } from "../../src/formats/mod.ts";
import { decodeNir, encodeNir, fromNir, type NirGraph } from "../../src/nir/mod.ts";
import { assertSurvives, damaged } from "../formats/damage.ts";
import { anyGraph } from "./any_graph.ts";
import { readGolden } from "./golden.ts";

const floats = (...data: number[]) => ({ shape: [data.length], data: new Float64Array(data) });
const sizes = (...data: number[]) => ({
  shape: [data.length],
  data: BigInt64Array.from(data, BigInt),
});

/** What `make.py` wrote with each version. */
const SMALL: NirGraph = {
  type: "NIRGraph",
  nodes: new Map([
    ["1", {
      type: "Affine",
      parameters: {
        weight: { shape: [2, 3], data: Float32Array.of(0, 0.125, 0.25, 0.375, 0.5, 0.625) },
        bias: { shape: [2], data: Float32Array.of(0.5, -0.25) },
      },
    }],
    ["2", {
      type: "LIF",
      parameters: {
        tau: floats(2e-4, 2e-4),
        r: floats(1, 1),
        v_leak: floats(0, 0),
        v_threshold: floats(1, 1),
        v_reset: floats(0, 0),
      },
    }],
    ["input", { type: "Input", parameters: { shape: sizes(3) } }],
    ["output", { type: "Output", parameters: { shape: sizes(2) } }],
  ]),
  edges: [["input", "1"], ["1", "2"], ["2", "output"]],
};

for (const version of ["0.2.0", "1.0.7", "1.0.8"]) {
  Deno.test(`decodeNir() reads files of nir ${version}`, async () => {
    const graph = await decodeNir(await readGolden(`nir-${version}.nir`));
    assertEquals(graph, { ...SMALL, version });
  });
}

Deno.test("decodeNir() reads HDF5's newest layout, compressed, of any byte order", async () => {
  const { nodes, edges, metadata } = await decodeNir(await readGolden("dense.nir"));
  assertEquals(edges.length, 11);
  assertEquals(metadata!.get("made"), "by hand: é");
  assertEquals(metadata!.get("dt"), { shape: [], data: Float64Array.of(1e-3) });
  assertEquals(nodes.size, 12);
  for (let i = 0; i < 12; i++) {
    const node = nodes.get(`layer ${i}`)!;
    assert(node.type === "Linear");
    const { data } = node.parameters.weight as { data: ArrayLike<number> };
    assertEquals(Array.from(data), Array.from({ length: 900 }, (_, j) => j % (i + 5)));
    assertEquals(data.constructor, [Float32Array, Float64Array, Int16Array][i % 3]);
  }
});

Deno.test("decodeNir() reads what encodeNir() writes, the same bytes each time", async () => {
  await fc.assert(
    fc.asyncProperty(anyGraph(), async (graph) => {
      const bytes = encodeNir(graph);
      const decoded = await decodeNir(bytes);
      assertEquals(decoded, graph);
      assertEquals(encodeNir(decoded), bytes);
    }),
    { seed: 1, numRuns: 150 },
  );
});

Deno.test("damaged NIR files are refused by name and place, or read", async () => {
  const files = await Promise.all(["nir-1.0.8.nir", "spikingjelly-conv.nir"].map(readGolden));
  await assertSurvives(
    damaged(encodeNir(SMALL), ...files),
    async (file, name) => {
      const graph = await decodeNir(file, { name });
      try {
        fromNir(graph, { name });
      } catch (error) {
        if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
        assertMatch(error.message, /^Cannot make a network of "some\.file" as [^\n]{1,600}$/);
      }
    },
  );
});

Deno.test("decodeNir() refuses links to other files, and graphs that contain themselves", async () => {
  await refused(await readGolden("external-link.nir"), '"weight" links to a path or another file');
  await refused(
    await readGolden("contains-itself.nir"),
    '"nodes" is in it by another name, too',
  );
});

Deno.test("decodeNir() refuses a damaged chunk instead of giving what memory held", async () => {
  const bytes = await readGolden("nir-1.0.8.nir");
  const zlib = bytes.findIndex((byte, i) => byte === 0x78 && bytes[i + 1] === 0x5e);
  assert(zlib > 0);
  await refused(bytes.fill(0xff, zlib, zlib + 6), "a chunk is damaged: it can't be inflated");
});

type Change = (file: Map<string, Hdf5Item>) => void;

const at = (tree: Hdf5Item, ...path: string[]) =>
  path.reduce((tree, name) => (tree as Hdf5Tree).get(name)!, tree) as Map<string, Hdf5Item>;
const inNode = (name: string, change: Change): Change => (file) =>
  change(at(file, "node", "nodes", name));
const inGraph = (change: Change): Change => (file) => change(at(file, "node"));
const edges = (shape: number[], ...texts: string[]) =>
  inGraph((graph) => graph.set("edges", { shape, texts }));

/** Files that are sound HDF5, and what is wrong with them. */
const BAD: Readonly<Record<string, readonly [Change, string]>> = {
  "no graph": [(file) => file.delete("node"), 'it has no group "node"'],
  "a root that is a node": [
    (file) => file.set("node", at(file, "node", "nodes", "2")),
    "its outermost node must be a NIRGraph: it is a LIF",
  ],
  "an unknown type": [
    inNode("2", (node) => node.set("type", "ALIF")),
    'node "2" is of the unknown type "ALIF": known are Affine, ',
  ],
  "a type of Object's": [
    inNode("2", (node) => node.set("type", "toString")),
    'node "2" is of the unknown type "toString"',
  ],
  "a type that is a number": [
    inNode("2", (node) => node.set("type", floats(3))),
    '"type" of node "2" must be a text: it is numbers',
  ],
  "a missing parameter": [inNode("2", (node) => node.delete("tau")), 'node "2" (LIF) lacks "tau"'],
  "an unknown parameter": [
    inNode("2", (node) => node.set("beta", floats(1, 1))),
    'node "2" (LIF) has the unknown parameter "beta"',
  ],
  "a parameter that is a text": [
    inNode("2", (node) => node.set("tau", "fast")),
    'node "2" (LIF) has "tau" as a text, "fast": it must be numbers',
  ],
  "a parameter that is a group": [
    inNode("2", (node) => node.set("tau", new Map())),
    'node "2" has no data "tau"',
  ],
  "an edge to nowhere": [
    edges([1, 2], "1", "3"),
    'the graph has the edge from "1" to "3", but no node "3"',
  ],
  "an edge twice": [
    edges([2, 2], "1", "2", "1", "2"),
    'the graph has the edge from "1" to "2" twice',
  ],
  "edges of three": [
    edges([1, 3], "1", "2", "3"),
    "the edges of the graph must be texts [edges, 2]: they are texts [1, 3]",
  ],
  "edges of numbers": [
    inGraph((graph) => graph.set("edges", { shape: [1, 2], data: new Int8Array(2) })),
    "the edges of the graph must be texts [edges, 2]: they are numbers [1, 2]",
  ],
  "an unknown member": [
    inGraph((graph) => graph.set("type_check", floats(1))),
    'the graph has the unknown member "type_check"',
  ],
  "neurons of two shapes": [
    inNode("2", (node) => node.set("r", floats(1, 1, 1))),
    'node "2" (LIF) has "r" of [3], but "tau" of [2]',
  ],
  "a bias of another shape": [
    inNode("1", (node) => node.set("bias", floats(1, 1, 1))),
    'node "1" (Affine) has a bias of [3]: it must be [2]',
  ],
  "weights of one dimension": [
    inNode("1", (node) => node.set("weight", floats(1, 1))),
    'node "1" (Affine) has weights of [2]: they must have 2 or more dimensions, none empty',
  ],
  "a weight that is no number": [
    inNode("1", (node) => node.set("weight", { shape: [2, 1], data: Float32Array.of(0, NaN) })),
    'node "1" (Affine) has NaN as number 1 of "weight"',
  ],
  "an infinite threshold": [
    inNode("2", (node) => node.set("v_threshold", floats(1, Infinity))),
    'node "2" (LIF) has Infinity as number 1 of "v_threshold"',
  ],
};

for (const [name, [change, reason]] of Object.entries(BAD)) {
  Deno.test(`decodeNir() refuses ${name}`, async () => {
    const file = treeOf(SMALL);
    change(file);
    await refused(writeHdf5(file), reason);
  });
}

Deno.test("encodeNir() refuses graphs that are no NIR", () => {
  const refuse = (graph: NirGraph, Class: new () => Error, reason: string) =>
    assertThrows(() => encodeNir(graph), Class, `Cannot encode as NIR as ${reason}`);
  const node = { type: "Threshold", parameters: { threshold: floats(1) } } as const;
  refuse(
    { ...SMALL, edges: [["1", "a"]] },
    TypeError,
    'the graph has the edge from "1" to "a", but no node "a"',
  );
  refuse(
    { ...SMALL, nodes: new Map([["a", { ...node, parameters: {} }]]), edges: [] },
    TypeError,
    'node "a" (Threshold) lacks "threshold"',
  );
  refuse(
    { ...SMALL, nodes: new Map([["a/b", node]]), edges: [] },
    RangeError,
    'no node can be called "a/b"',
  );
  const nodes = new Map<string, NirGraph>();
  const circle: NirGraph = { type: "NIRGraph", nodes, edges: [] };
  nodes.set("a", circle);
  refuse(circle, TypeError, 'node "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a" is nested more than 16 deep');
});

/** A file as groups and data sets. */
function treeOf({ nodes, edges }: NirGraph): Map<string, Hdf5Item> {
  const trees = new Map(
    Array.from(nodes, ([name, { type, ...node }]): [string, Hdf5Item] => [
      name,
      new Map<string, Hdf5Item>([
        ...Object.entries("parameters" in node ? node.parameters : {}),
        ["type", type],
      ]),
    ]),
  );
  const graph = new Map<string, Hdf5Item>([
    ["edges", { shape: [edges.length, 2], texts: edges.flat() }],
    ["nodes", trees],
    ["type", "NIRGraph"],
  ]);
  return new Map([["node", graph]]);
}

async function refused(bytes: Uint8Array, reason: string): Promise<void> {
  const error = await assertRejects(() => decodeNir(bytes, { name: "a.nir" }), FormatError);
  const start = `Cannot read "a.nir" as NIR as ${reason}`;
  assertEquals(error.message.slice(0, start.length), start);
}
