import type { NirFires, NirGraph, NirNode } from "../../nir/mod.ts";

/** Time constants of nodes. */
const TIMES = ["tau", "tau_syn", "tau_mem"];

/**
 * Says what is in a NIR file, and how its times and thresholds are meant.
 *
 * @param graph The graph, a chain.
 * @param meant How.
 * @returns A line for each node, and one for what is meant.
 */
export function nirText(graph: NirGraph, meant: { dt: number; fires: NirFires }): string {
  const lines = Array.from(
    graph.nodes,
    ([name, node]) =>
      `${name} ${node.type}${node.type === "NIRGraph" ? "" : times(node, meant.dt)}`,
  );
  return [
    ...lines,
    `A time step is ${meant.dt} s; neurons fire ${meant.fires} the thresholds in the file`,
  ].join("\n");
}

/** Such as ", tau 2 time steps". */
function times({ parameters }: NirNode, dt: number): string {
  return TIMES.map((name) => {
    const value = parameters[name];
    if (typeof value !== "object") return "";
    const steps = Array.from(value.data as ArrayLike<number>, (seconds) => Number(seconds) / dt);
    const [least, most] = [Math.min(...steps), Math.max(...steps)].map((n) => +n.toPrecision(6));
    return `, ${name} ${least === most ? least : `${least} to ${most}`} time steps`;
  }).join("");
}
