import { type Layer, outputShapeOf } from "../core/layer.ts";
import { checkShape, type Shape } from "../core/shape.ts";
import type { Tensor } from "../formats/tensor.ts";
import { Sequential } from "../layers/sequential.ts";
import type { NirGraph, NirMetadataValue, NirNode } from "./graph.ts";
import { checkNirOptions, DEFAULT_DT, type NirFires } from "./options.ts";
import { ints, writeLayer } from "./write_layers.ts";

/** Options of {@linkcode toNir}. */
export interface ToNirOptions {
  /** What a sample has at one time step, such as `[1, 28, 28]`. */
  input: Shape;
  /**
   * Seconds of a time step. The graph says it as `dt` of its metadata, though other programs don't look there:
   * they must be told the same.
   *
   * @default {1e-4}
   */
  dt?: number;
  /**
   * Whether neurons of the program that reads the graph fire above their threshold, as NIR says, or at it, as
   * in SpikingJelly. Thresholds are the next lower float32 for `"above"`.
   *
   * @default {"above"}
   */
  fires?: NirFires;
}

/**
 * A network as a NIR graph, for other programs: `Linear`, `Conv1d`, `Conv2d`, `SumPool2d`, `AvgPool2d`,
 * `Flatten`, and `IfNode`, `LifNode`, `LiNode`, `CubaLifNode`, `CubaLiNode`. A `ParametricLifNode` or a
 * learned time constant is written as it is now. `Dropout`, surrogates and what else matters in training
 * alone isn't written; encoders and losses aren't part of NIR.
 *
 * @param network The network.
 * @param parameters Its parameters: `await model.parameters()`.
 * @param options What a sample has, and how time and thresholds are said.
 * @returns The graph, a chain; {@linkcode fromNir} makes a network of it that gives the same bits.
 * @throws {TypeError} If NIR can't say a layer exactly, such as a soft reset, or a parameter is missing.
 * @throws {RangeError} If a layer can't take what comes in, or an option is out of range.
 *
 * @example
 * ```ts
 * import { Linear, LifNode, Sequential } from "@galvani/snn";
 * import { encodeNir, toNir } from "@galvani/snn/nir";
 * import { assertEquals } from "@std/assert";
 *
 * const network = new Sequential([new Linear(2, 1, { bias: false }), new LifNode({ tau: 4 })]);
 * const weight = { shape: [1, 2], data: new Float32Array([0.5, 1]) };
 * const graph = toNir(network, new Map([["layer.0.weight", weight]]), { input: [2] });
 * assertEquals(graph.edges, [["input", "0"], ["0", "1"], ["1", "output"]]);
 * const bytes = encodeNir(graph);
 * ```
 */
export function toNir(
  network: Layer,
  parameters: ReadonlyMap<string, Tensor>,
  options: ToNirOptions,
): NirGraph {
  const what = "Cannot write the network as NIR";
  const { dt = DEFAULT_DT, fires = "above" } = options;
  checkNirOptions(what, dt, fires);
  let shape = checkShape(what, "input", options.input);
  const nodes = new Map<string, NirNode>();
  const edges: [string, string][] = [];
  let last = "input";
  const add = (name: string, node: NirNode) => {
    if (nodes.size > 0) edges.push([last, name]);
    nodes.set(name, node);
    last = name;
  };
  add("input", { type: "Input", parameters: { shape: ints(...shape) } });
  for (const [name, layer] of layersOf(network, "")) {
    const path = name === "" ? "layer" : `layer.${name}`;
    const place = `layer ${name} (${layer.kind})`;
    const output = outputShapeOf(`layer ${name}`, layer, shape);
    const node = writeLayer(
      {
        dt,
        fires,
        parameter: (tensor) => {
          const found = parameters.get(`${path}.${tensor}`);
          if (found) return found;
          throw new TypeError(`${what} as the parameters lack "${path}.${tensor}"`);
        },
        fail: (reason) => new TypeError(`${what} as ${place} ${reason}`),
      },
      layer,
      shape,
    );
    shape = [...output];
    if (node) add(name || "0", node);
  }
  add("output", { type: "Output", parameters: { shape: ints(...shape) } });
  const metadata = new Map<string, NirMetadataValue>([
    ["dt", { shape: [], data: Float64Array.of(dt) }],
    ["writer", "galvani"],
  ]);
  return { type: "NIRGraph", nodes, edges, metadata };
}

/** The layers in order, with their places; containers are laid open. */
function* layersOf(layer: Layer, name: string): Generator<[string, Layer]> {
  if (!(layer instanceof Sequential)) return yield [name, layer];
  for (const [i, inner] of layer.layers.entries()) {
    yield* layersOf(inner, name === "" ? `${i}` : `${name}.${i}`);
  }
}
