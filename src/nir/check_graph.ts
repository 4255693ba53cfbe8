import { countElements, formatShape, type Tensor } from "../formats/tensor.ts";
import type { NirGraph, NirNode } from "./graph.ts";
import { isNirType, NODE_TYPES } from "./node_types.ts";

/** Makes the error of a flaw. */
export type Fail = (reason: string) => Error;

/** How deep graphs may stand in graphs. */
export const MOST_DEPTH = 16;
const LONGEST_NAME = 60;

/**
 * A name, for messages.
 *
 * @param name The name, of any length.
 * @returns It in quotes, cut if it is long.
 */
export function quote(name: string): string {
  return JSON.stringify(name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}...` : name);
}

/**
 * Where a node or a graph stands, for messages.
 *
 * @param path The names of the nodes that lead to it.
 * @returns Such as `node "2.1"`.
 */
export function placeOf(path: readonly string[]): string {
  return path.length === 0 ? "the graph" : `node ${quote(path.join("."))}`;
}

/**
 * Checks what a graph says of its edges.
 *
 * @param where Which graph, for messages.
 * @param graph The graph.
 * @param fail Makes the error.
 * @throws What `fail` makes, if an edge leads from or to no node, or is there twice.
 */
export function checkEdges(where: string, { nodes, edges }: NirGraph, fail: Fail): void {
  const seen = new Set<string>();
  for (const [from, to] of edges) {
    const edge = `the edge from ${quote(from)} to ${quote(to)}`;
    for (const name of [from, to]) {
      if (!nodes.has(name)) throw fail(`${where} has ${edge}, but no node ${quote(name)}`);
    }
    const key = JSON.stringify([from, to]);
    if (seen.has(key)) throw fail(`${where} has ${edge} twice`);
    seen.add(key);
  }
}

/**
 * Checks a node: its parameters are those of its type, finite, and fit each other.
 *
 * @param where Which node, for messages.
 * @param node The node.
 * @param fail Makes the error.
 * @throws What `fail` makes, if they aren't.
 */
export function checkNode(where: string, { type, parameters }: NirNode, fail: Fail): void {
  if (!isNirType(type)) {
    const known = Object.keys(NODE_TYPES).join(", ");
    throw fail(`${where} is of the unknown type ${quote(String(type))}: known are ${known}`);
  }
  const { required, optional = [], neurons, weightRank } = NODE_TYPES[type];
  const own = `${where} (${type})`;
  for (const name of required) {
    if (!Object.hasOwn(parameters, name)) throw fail(`${own} lacks ${quote(name)}`);
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (!required.includes(name) && !optional.includes(name)) {
      throw fail(`${own} has the unknown parameter ${quote(name)}`);
    }
    checkValue(own, name, value, fail);
  }
  if (neurons) checkNeurons(own, parameters, fail);
  if ("weight" in parameters) checkWeight(own, parameters, weightRank, fail);
}

function checkValue(where: string, name: string, value: Tensor | string, fail: Fail): void {
  if (typeof value === "string") {
    if (name === "padding" && ["same", "valid"].includes(value)) return;
    throw fail(`${where} has ${quote(name)} as a text, ${quote(value)}: it must be numbers`);
  }
  const { data } = value;
  for (let i = 0; i < data.length; i++) {
    const number = data[i]!;
    if (typeof number === "number" && !Number.isFinite(number)) {
      throw fail(`${where} has ${number} as number ${i} of ${quote(name)}`);
    }
  }
}

function checkNeurons(where: string, parameters: NirNode["parameters"], fail: Fail): void {
  let first: readonly [string, string] | undefined;
  for (const [name, value] of Object.entries(parameters) as [string, Tensor][]) {
    if (name === "w_in") continue;
    const shape = formatShape(value.shape);
    first ??= [name, shape];
    if (shape === first[1]) continue;
    throw fail(`${where} has ${quote(name)} of ${shape}, but ${quote(first[0])} of ${first[1]}`);
  }
}

function checkWeight(
  where: string,
  { weight, bias }: NirNode["parameters"],
  rank: number | undefined,
  fail: Fail,
): void {
  const { shape } = weight as Tensor;
  const fits = rank === undefined ? shape.length >= 2 : shape.length === rank;
  if (!fits || countElements(shape) === 0) {
    const wanted = rank === undefined ? "2 or more" : rank;
    throw fail(
      `${where} has weights of ${
        formatShape(shape)
      }: they must have ${wanted} dimensions, none empty`,
    );
  }
  if (bias === undefined) return;
  const wanted = rank === undefined ? shape.slice(0, -1) : shape.slice(0, 1);
  const own = (bias as Tensor).shape;
  if (formatShape(own) === formatShape(wanted)) return;
  throw fail(`${where} has a bias of ${formatShape(own)}: it must be ${formatShape(wanted)}`);
}
