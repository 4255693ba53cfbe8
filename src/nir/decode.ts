import { type DecodeOptions, type Flaw, flawOf } from "../formats/decode_options.ts";
import { Hdf5DataSet, type Texts } from "../formats/hdf5/data_set.ts";
import { type Hdf5Group, openHdf5 } from "../formats/hdf5/read.ts";
import { formatShape, type Tensor } from "../formats/tensor.ts";
import { checkEdges, checkNode, MOST_DEPTH, placeOf, quote } from "./check_graph.ts";
import type { NirGraph, NirMetadata, NirMetadataValue, NirNode, NirType } from "./graph.ts";

/** Members that aren't parameters of a node. */
const NO_PARAMETERS = ["type", "metadata"];
/** Members that a graph may have. */
const OF_GRAPHS = [...NO_PARAMETERS, "nodes", "edges"];

/**
 * Decodes a NIR file of any version, HDF5. Numbers keep their types.
 *
 * @param bytes The file's bytes.
 * @param options What to call the file.
 * @returns The graph; nothing is left out. `v_reset`, which files before NIR 1.0.6 don't have, is filled
 * in: 0.
 * @throws {FormatError} If the file is damaged, of HDF5 that NIR doesn't need, or no sound NIR: nodes of
 * unknown types, parameters that are missing, unknown, of shapes that don't fit, not finite, edges to
 * nowhere. The message names the node or the place.
 *
 * @example
 * ```ts
 * import { FormatError } from "@galvani/snn/formats";
 * import { decodeNir } from "@galvani/snn/nir";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => decodeNir(new Uint8Array(3), { name: "net.nir" }), FormatError);
 * ```
 */
export async function decodeNir(bytes: Uint8Array, options: DecodeOptions = {}): Promise<NirGraph> {
  const flaw = flawOf("NIR", options);
  const root = openHdf5(bytes, flaw);
  const node = groupIn(root, "node", "it", flaw);
  const graph = await readNode(node, [], flaw);
  if (graph.type !== "NIRGraph") {
    throw flaw(`its outermost node must be a NIRGraph: it is a ${graph.type}`, node.at);
  }
  if (!root.names.includes("version")) return graph;
  return { ...graph, version: await readText(root, "version", "the file", flaw) };
}

async function readNode(
  group: Hdf5Group,
  path: readonly string[],
  flaw: Flaw,
): Promise<NirNode | NirGraph> {
  const where = placeOf(path);
  if (path.length > MOST_DEPTH) {
    throw flaw(`${where} is nested more than ${MOST_DEPTH} deep`, group.at);
  }
  const type = await readText(group, "type", where, flaw);
  const own = group.names.includes("metadata")
    ? { metadata: await readMetadata(groupIn(group, "metadata", where, flaw), where, 0, flaw) }
    : {};
  if (type === "NIRGraph") return { ...await readGraph(group, path, flaw), ...own };
  const node = {
    type: type as NirType,
    parameters: await readParameters(group, where, flaw),
    ...own,
  };
  checkNode(where, node, (reason) => flaw(reason, group.at));
  return node;
}

async function readGraph(
  group: Hdf5Group,
  path: readonly string[],
  flaw: Flaw,
): Promise<NirGraph> {
  const where = placeOf(path);
  const other = group.names.find((name) => !OF_GRAPHS.includes(name));
  if (other !== undefined) throw flaw(`${where} has the unknown member ${quote(other)}`, group.at);
  const members = groupIn(group, "nodes", where, flaw);
  const nodes = new Map<string, NirNode | NirGraph>();
  for (const name of members.names) {
    const member = groupIn(members, name, where, flaw);
    nodes.set(name, await readNode(member, [...path, name], flaw));
  }
  const edges = await readEdges(group, where, flaw);
  const graph = { type: "NIRGraph", nodes, edges } as const;
  checkEdges(where, graph, (reason) => flaw(reason, group.at));
  return graph;
}

async function readEdges(
  group: Hdf5Group,
  where: string,
  flaw: Flaw,
): Promise<[string, string][]> {
  const value = await readMember(group, "edges", where, flaw);
  // NumPy makes numbers of no edges.
  if (value.shape[0] === 0) return [];
  if (!("texts" in value) || value.shape.length !== 2 || value.shape[1] !== 2) {
    const kind = "texts" in value ? "texts" : "numbers";
    throw flaw(
      `the edges of ${where} must be texts [edges, 2]: they are ${kind} ${
        formatShape(value.shape)
      }`,
      group.at,
    );
  }
  const { texts } = value;
  return Array.from(
    { length: texts.length / 2 },
    (_, i): [string, string] => [texts[2 * i]!, texts[2 * i + 1]!],
  );
}

async function readParameters(
  group: Hdf5Group,
  where: string,
  flaw: Flaw,
): Promise<Record<string, Tensor | string>> {
  const parameters = new Map<string, Tensor | string>();
  for (const name of group.names) {
    if (NO_PARAMETERS.includes(name)) continue;
    const value = await readMember(group, name, where, flaw);
    if (!("texts" in value)) parameters.set(name, value);
    else parameters.set(name, oneText(value, name, where, group.at, flaw));
  }
  const threshold = parameters.get("v_threshold");
  if (threshold && typeof threshold !== "string" && !parameters.has("v_reset")) {
    const Zeros = threshold.data.constructor as new (length: number) => Tensor["data"];
    parameters.set("v_reset", { ...threshold, data: new Zeros(threshold.data.length) });
  }
  return Object.fromEntries(parameters);
}

async function readMetadata(
  group: Hdf5Group,
  where: string,
  depth: number,
  flaw: Flaw,
): Promise<NirMetadata> {
  if (depth > MOST_DEPTH) throw flaw(`the metadata of ${where} are nested too deep`, group.at);
  const metadata = new Map<string, NirMetadataValue>();
  for (const name of group.names) {
    const member = group.get(name)!;
    if (!(member instanceof Hdf5DataSet)) {
      metadata.set(name, await readMetadata(member, where, depth + 1, flaw));
      continue;
    }
    const value = await member.read();
    if (!("texts" in value)) metadata.set(name, value);
    else metadata.set(name, oneText(value, name, `the metadata of ${where}`, member.at, flaw));
  }
  return metadata;
}

async function readText(group: Hdf5Group, name: string, where: string, flaw: Flaw) {
  const value = await readMember(group, name, where, flaw);
  if ("texts" in value) return oneText(value, name, where, group.at, flaw);
  throw flaw(`${quote(name)} of ${where} must be a text: it is numbers`, group.at);
}

function oneText({ shape, texts }: Texts, name: string, where: string, at: number, flaw: Flaw) {
  if (shape.length === 0) return texts[0]!;
  throw flaw(`${quote(name)} of ${where} must be one text: it is ${formatShape(shape)}`, at);
}

function groupIn(group: Hdf5Group, name: string, where: string, flaw: Flaw): Hdf5Group {
  const member = group.get(name);
  if (member && !(member instanceof Hdf5DataSet)) return member;
  throw flaw(`${where} has no group ${quote(name)}`, group.at);
}

function readMember(group: Hdf5Group, name: string, where: string, flaw: Flaw) {
  const member = group.get(name);
  if (member instanceof Hdf5DataSet) return member.read();
  throw flaw(`${where} has no data ${quote(name)}`, group.at);
}
