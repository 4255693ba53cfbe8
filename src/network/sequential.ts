import type { Gpu } from "../gpu/gpu.ts";
import type { Layer } from "../layers/layer.ts";
import { type NetworkSummary, summarize, type SummaryOptions } from "./summary.ts";

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
   * @throws {TypeError} If one isn't a layer.
   */
  constructor(layers: readonly Layer[]) {
    if (layers.length === 0) {
      throw new RangeError("Cannot create a network without layers");
    }
    layers.forEach((layer: Partial<Layer> | undefined, i) => {
      if (typeof layer?.compile !== "function" || typeof layer.outputFeatures !== "function") {
        throw new TypeError(
          `Cannot create a network as layer ${i} must be a layer, such as new LifNode(): ` +
            `current value is ${typeof layer === "function" ? `the class ${layer}` : layer}`,
        );
      }
    });
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

  /**
   * Compiles the network, and says what it is made of: layers, signals, parameters, and the memory that
   * training takes. Nothing runs. Its memory is freed again; what the GPU shares among all that runs on
   * it stays for the next.
   *
   * @param gpu Where the network would run.
   * @param options What it would run with.
   * @returns The summary; its `toString()` is a table.
   * @throws {TypeError | RangeError} If the layers don't fit together, or an option is out of range.
   *
   * @example
   * ```ts
   * import { Adam, Gpu, LifNode, Linear, PoissonEncoder, rateMse, Sequential } from "@galvani/snn";
   * import { assertEquals } from "@std/assert";
   *
   * using gpu = await Gpu.request();
   * const network = new Sequential([new Linear(784, 10, { bias: false }), new LifNode()]);
   * const summary = await network.summary(gpu, {
   *   encoder: new PoissonEncoder(), loss: rateMse(), optimizer: new Adam(),
   *   timeSteps: 100, batchSize: 128, features: 784,
   * });
   * console.log(String(summary));
   * assertEquals(summary.parameters, 7840);
   * ```
   */
  summary(gpu: Gpu, options: SummaryOptions): Promise<NetworkSummary> {
    return summarize(gpu, this, options);
  }
}
