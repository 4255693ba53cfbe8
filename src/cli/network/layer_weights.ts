import type { Tensor } from "../../formats/tensor.ts";

/**
 * Finds the weights of the layers of one kind among a network's parameters.
 *
 * @param parameters The parameters by their names.
 * @param dimensions What tells the kind: 2 of Linear layers, 4 of convolutions.
 * @returns The weights, `[outputs, inputs]` or `[outputs, inputs, height, width]` each, from the
 * first layer to the last.
 */
export function layerWeights(
  parameters: ReadonlyMap<string, Tensor>,
  dimensions: 2 | 4,
): Tensor[] {
  return [...parameters]
    .flatMap(([name, tensor]) => {
      const layer = /^layer\.(\d+)\.weight$/.exec(name)?.[1];
      const isOfKind = tensor.shape.length === dimensions;
      return layer !== undefined && isOfKind ? [{ layer: +layer, tensor }] : [];
    })
    .sort((a, b) => a.layer - b.layer)
    .map(({ tensor }) => tensor);
}
