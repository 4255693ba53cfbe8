import type { Tensor } from "../../formats/tensor.ts";

/**
 * Finds the weights of the Linear layers among a network's parameters.
 *
 * @param parameters The parameters by their names.
 * @returns The weights, `[outputs, inputs]` each, from the first layer to the last.
 */
export function linearWeights(parameters: ReadonlyMap<string, Tensor>): Tensor[] {
  return [...parameters]
    .flatMap(([name, tensor]) => {
      const layer = /^layer\.(\d+)\.weight$/.exec(name)?.[1];
      return layer !== undefined && tensor.shape.length === 2 ? [{ layer: +layer, tensor }] : [];
    })
    .sort((a, b) => a.layer - b.layer)
    .map(({ tensor }) => tensor);
}
