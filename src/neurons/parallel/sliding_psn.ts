import type { LayerJson } from "../../core/layer.ts";
import type { Shape } from "../../core/shape.ts";
import type { TensorSpec } from "../../core/tensor_spec.ts";
import { checkCount } from "../../validate.ts";
import { drawnWeight, type ParallelNeuronOptions, ParallelNeurons } from "./parallel_neurons.ts";
import type { ParallelWeights } from "./weights.ts";

/** Options of {@linkcode SlidingPsn}. */
export interface SlidingPsnOptions extends ParallelNeuronOptions {
  /**
   * Whether weights start at `..., 1/4, 1/2, 1`, that of the time step itself 1; else uniform in +-1 / sqrt(k).
   *
   * @default {true}
   */
  expInit?: boolean;
}

/**
 * Parallel spiking neurons whose charges are sums over the last k time steps, with the same weights at each: so they
 * are made for any T.
 *
 * ```text
 * h[t] = bias + sum over i of weight[i] x[t - k + 1 + i]       (x before the first step is 0)
 * s[t] = 1 if h[t] >= 0 else 0
 * ```
 *
 * `weight` has the shape `[k]`, `bias`, -1 at first, the shape `[]`. Source: `SlidingPSN` of SpikingJelly; Fang et al.,
 * NeurIPS 2023 (arXiv 2304.12760).
 *
 * @example
 * ```ts
 * import { Linear, Sequential, SlidingPsn } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const network = new Sequential([new Linear(784, 10), new SlidingPsn(4)]);
 * assertEquals(network.outputShape([784]), [10]);
 * ```
 */
export class SlidingPsn extends ParallelNeurons {
  /** The kind of neuron. */
  override readonly kind = "SlidingPsn";
  /** How many time steps a charge sees, its own among them. */
  readonly k: number;
  /** Whether weights start at `..., 1/4, 1/2, 1`. */
  readonly expInit: boolean;

  /**
   * Describes the neurons.
   *
   * @param k How many time steps a charge sees, its own among them.
   * @param options How weights start, and the surrogate gradient.
   * @throws {RangeError} If `k` isn't an integer of at least 1.
   */
  constructor(k: number, options: SlidingPsnOptions = {}) {
    super(options);
    this.k = checkCount("Cannot create sliding parallel neurons", "k", k);
    this.expInit = options.expInit ?? true;
  }

  /** How they weigh what comes in. */
  protected override get weights(): ParallelWeights {
    return { kind: "sliding", order: this.k };
  }

  /** `[k]`. */
  protected override get weight(): TensorSpec {
    const { k, expInit } = this;
    if (!expInit) return drawnWeight([k], k);
    return { shape: [k], init: () => Float32Array.from({ length: k }, (_, i) => 2 ** (i + 1 - k)) };
  }

  /** `[]`. */
  protected override get biasShape(): Shape {
    return [];
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const { k, expInit } = this;
    return { ...super.toJSON(), k, expInit };
  }

  /** What a summary calls it. */
  override title(): string {
    return `${this.kind}, k ${this.k}`;
  }
}
