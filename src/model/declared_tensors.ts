import { declareLayer, type Layer } from "../core/layer.ts";
import type { Shape } from "../core/shape.ts";
import type { Declarations } from "../core/tensor_spec.ts";

/**
 * The tensors that a network learns or keeps, without making room for them.
 *
 * @param network The network.
 * @param input What a sample has.
 * @returns Their shapes, by the names that files have for them.
 * @throws {Error} If a layer can't take what comes in.
 */
export function declaredTensors(network: Layer, input: Shape): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  const declarations = (path: string): Declarations => ({
    child: (name) => declarations(`${path}.${name}`),
    parameter: (name, { shape }) => void shapes.set(`${path}.${name}`, shape),
    parameters: (_, { tensors }) => {
      for (const [name, { shape }] of Object.entries(tensors)) shapes.set(`${path}.${name}`, shape);
    },
    state: (name, { shape }) => void shapes.set(`${path}.${name}`, shape),
  });
  declareLayer("layer", network, declarations("layer"), input);
  return shapes;
}
