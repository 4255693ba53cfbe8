import { type Hdf5Item, type Hdf5Tree, writeHdf5 } from "../formats/hdf5/write.ts";
import { checkEdges, checkNode, type Fail, MOST_DEPTH, placeOf, quote } from "./check_graph.ts";
import type { NirGraph, NirMetadata, NirNode } from "./graph.ts";

/** The version of NIR's package whose files these are like. */
const VERSION = "1.0.8";

/**
 * Encodes a graph as a NIR file, as NIR's package 1.0.8 does without compression. The same graph gives the
 * same bytes.
 *
 * @param graph The graph.
 * @returns The file's bytes, HDF5.
 * @throws {TypeError} If the graph is no sound NIR: see {@linkcode decodeNir}.
 * @throws {RangeError} If a node can't be called as it is.
 *
 * @example
 * ```ts
 * import { decodeNir, encodeNir, type NirGraph } from "@galvani/snn/nir";
 * import { assertEquals } from "@std/assert";
 *
 * const shape = { shape: [1], data: new BigInt64Array([2n]) };
 * const graph: NirGraph = {
 *   type: "NIRGraph",
 *   nodes: new Map([
 *     ["input", { type: "Input", parameters: { shape } }],
 *     ["output", { type: "Output", parameters: { shape } }],
 *   ]),
 *   edges: [["input", "output"]],
 *   version: "1.0.8",
 * };
 * assertEquals(await decodeNir(encodeNir(graph)), graph);
 * ```
 */
export function encodeNir(graph: NirGraph): Uint8Array<ArrayBuffer> {
  return writeHdf5(
    new Map<string, Hdf5Item>([
      ["node", graphTree(graph, [])],
      ["version", graph.version ?? VERSION],
    ]),
  );
}

const fail: Fail = (reason) => new TypeError(`Cannot encode as NIR as ${reason}`);

function graphTree(graph: NirGraph, path: readonly string[]): Hdf5Tree {
  const where = placeOf(path);
  if (path.length > MOST_DEPTH) throw fail(`${where} is nested more than ${MOST_DEPTH} deep`);
  checkEdges(where, graph, fail);
  const nodes = new Map<string, Hdf5Tree>();
  for (const name of [...graph.nodes.keys()].sort()) {
    if (name === "" || name === "." || name.includes("/") || name.includes("\0")) {
      throw new RangeError(`Cannot encode as NIR as no node can be called ${quote(name)}`);
    }
    const node = graph.nodes.get(name)!;
    const own = [...path, name];
    nodes.set(name, node.type === "NIRGraph" ? graphTree(node, own) : nodeTree(node, placeOf(own)));
  }
  const texts = graph.edges.flat();
  return new Map<string, Hdf5Item>([
    // NumPy's form of no edges.
    [
      "edges",
      texts.length > 0
        ? { shape: [graph.edges.length, 2], texts }
        : { shape: [0], data: new Float64Array() },
    ],
    ...metadataOf(graph.metadata),
    ["nodes", nodes],
    ["type", graph.type],
  ]);
}

function nodeTree(node: NirNode, where: string): Hdf5Tree {
  checkNode(where, node, fail);
  return new Map<string, Hdf5Item>([
    ...metadataOf(node.metadata),
    ...Object.entries(node.parameters),
    ["type", node.type],
  ]);
}

/** NIR writes no metadata that are empty. */
function metadataOf(metadata: NirMetadata | undefined): [string, NirMetadata][] {
  return metadata && metadata.size > 0 ? [["metadata", metadata]] : [];
}
