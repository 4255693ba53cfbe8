import type { Layer } from "../layers/layer.ts";

/**
 * Layers, one after the other: the description of a network.
 *
 * @example
 * ```ts
 * import { LifNode, Linear, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([new Linear(784, 10, { bias: false }), new LifNode({ tau: 2 })]);
 * ```
 */
export class Sequential {
  /** The layers, in order. */
  readonly layers: readonly Layer[];

  /**
   * Describes a network.
   *
   * @param layers The layers, in order.
   * @throws {RangeError} If there is none.
   */
  constructor(layers: readonly Layer[]) {
    if (layers.length === 0) {
      throw new RangeError("Cannot create a network without layers");
    }
    this.layers = [...layers];
  }

  /**
   * Features of a sample that the network gives.
   *
   * @param input Features of a sample that come in.
   * @returns The features that come out.
   * @throws {RangeError} If a layer can't take what the one before it gives.
   */
  outputFeatures(input: number): number {
    return this.layers.reduce(
      (features, layer, i) => layer.outputFeatures(features, `layer ${i}`),
      input,
    );
  }
}
