import { quote } from "./check_graph.ts";
import type { NirGraph, NirNode } from "./graph.ts";

/** A node of a chain, and its place, such as "2.lif". */
export interface Link {
  readonly name: string;
  readonly node: NirNode;
}

const ONLY_CHAINS = "only chains can be read, without branches and recurrent connections";

/**
 * The nodes of a graph in their order, graphs in it laid open.
 *
 * @param graph The graph.
 * @param fail Makes the error.
 * @param prefix What stands before the nodes' names.
 * @returns The nodes from the Input to the Output, both included.
 * @throws What `fail` makes, if it isn't a chain.
 */
export function chainOf(
  graph: NirGraph,
  fail: (reason: string) => Error,
  prefix = "",
): Link[] {
  const place = (name: string) => `node ${quote(prefix + name)}`;
  const next = new Map<string, string>();
  const before = new Map<string, string>();
  for (const [from, to] of graph.edges) {
    const [other, previous] = [next.get(from), before.get(to)];
    if (other !== undefined) {
      throw fail(`${place(from)} leads to both ${place(other)} and ${place(to)}: ${ONLY_CHAINS}`);
    }
    if (previous !== undefined) {
      throw fail(`both ${place(previous)} and ${place(from)} lead to ${place(to)}: ${ONLY_CHAINS}`);
    }
    next.set(from, to);
    before.set(to, from);
  }
  const links: Link[] = [];
  const reached = new Set<string>();
  let last = onlyOne(graph, "Input", fail, prefix);
  for (let name: string | undefined = last; name !== undefined; name = next.get(name)) {
    if (reached.has(name)) throw fail(`${place(name)} leads back to itself: ${ONLY_CHAINS}`);
    reached.add(name);
    last = name;
    const node = graph.nodes.get(name)!;
    if (node.type !== "NIRGraph") links.push({ name: prefix + name, node });
    else links.push(...chainOf(node, fail, `${prefix}${name}.`).slice(1, -1));
  }
  if (last !== onlyOne(graph, "Output", fail, prefix)) {
    throw fail(`${place(last)} leads nowhere, and isn't an Output`);
  }
  for (const name of graph.nodes.keys()) {
    if (!reached.has(name)) throw fail(`${place(name)} isn't reached from the Input`);
  }
  return links;
}

function onlyOne(
  graph: NirGraph,
  type: "Input" | "Output",
  fail: (reason: string) => Error,
  prefix: string,
): string {
  const names = [...graph.nodes].filter(([, node]) => node.type === type).map(([name]) => name);
  const [name] = names;
  if (name !== undefined && names.length === 1) return name;
  const where = prefix === "" ? "it" : `node ${quote(prefix.slice(0, -1))}`;
  throw fail(`${where} has ${names.length} nodes that are an ${type}: it must have one`);
}
