import * as neuron from "../../kernels/neuron/mod.ts";
import type { LayerJson } from "../core/layer.ts";
import { LifNode, type LifNodeOptions } from "./lif_node.ts";
import type { NeuronDescription, NeuronValue } from "./model.ts";
import { checkEach, valueToJson } from "./values.ts";

/** Options of {@linkcode KlifNode}. */
export interface KlifNodeOptions extends LifNodeOptions {
  /**
   * Where the scale starts: one number for the layer, or one for each neuron of a sample, `[features]`.
   *
   * @default {1}
   */
  k?: NeuronValue;
}

/**
 * Leaky integrate-and-fire neurons whose charged potential is scaled by k, which is learned and saved as "k", and has
 * no negative values.
 *
 * ```text
 * charge  h = max(0, k (v + (x - (v - vReset)) / tau))       (decayInput)
 *         h = max(0, k (v - (v - vReset) / tau + x))         (otherwise)
 * ```
 *
 * Fire and reset as in {@linkcode NeuronLayer}. Source: `KLIFNode` of SpikingJelly without `scale_reset`; Jiang and
 * Zhang, arXiv 2302.09238 (2023).
 *
 * @example
 * ```ts
 * import { KlifNode, Linear, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([new Linear(64, 10), new KlifNode({ tau: 2 })]);
 * ```
 */
export class KlifNode extends LifNode {
  /** The kind of neuron. */
  override readonly kind = "KlifNode";
  /** Where the scale starts. */
  readonly k: NeuronValue;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If `tau` isn't greater than 1, or `k` or a potential isn't finite.
   */
  constructor(options: KlifNodeOptions = {}) {
    const what = "Cannot create KLIF neurons";
    super(options, what);
    this.k = checkEach(what, "k", options.k ?? 1);
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override describe(): NeuronDescription {
    const description = super.describe();
    const constants = { ...description.constants, k: { learned: this.k } };
    return { ...description, wgsl: neuron.klif, constants, affine: false };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    return { ...super.toJSON(), k: valueToJson(this.k) };
  }
}
