import type { CompiledLayer, LayerJson } from "../../core/layer.ts";
import type { Scope } from "../../core/scope.ts";
import type { Shape } from "../../core/shape.ts";
import type { Signal } from "../../core/signal.ts";
import type { TensorSpec } from "../../core/tensor_spec.ts";
import { checkCount } from "../../validate.ts";
import {
  checkTimeSteps,
  drawnWeight,
  type ParallelNeuronOptions,
  ParallelNeurons,
} from "./parallel_neurons.ts";
import type { ParallelWeights } from "./weights.ts";

/**
 * Parallel spiking neurons: each charge is a sum over what comes in at all T time steps, those to come among them,
 * with weights of its own, which the layer's neurons share.
 *
 * ```text
 * h[t] = bias[t] + sum over s of weight[t][s] x[s]
 * s[t] = 1 if h[t] >= 0 else 0
 * ```
 *
 * `weight` `[T, T]` starts uniform in +-1 / sqrt(T), `bias` `[T, 1]` at -1. Shapes of samples are any; what comes out
 * has that of what comes in. Source: `PSN` of SpikingJelly; Fang et al., NeurIPS 2023 (arXiv 2304.12760).
 *
 * @example
 * ```ts
 * import { Linear, Psn, Sequential } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const network = new Sequential([new Linear(784, 10), new Psn(16)]); // for a model with timeSteps: 16
 * assertEquals(network.outputShape([784]), [10]);
 * ```
 */
export class Psn extends ParallelNeurons {
  /** The kind of neuron. */
  override readonly kind: string = "Psn";
  /** T, the number of time steps. */
  readonly timeSteps: number;

  /**
   * Describes the neurons.
   *
   * @param timeSteps T, the number of time steps of the models that they are part of.
   * @param options The surrogate gradient.
   * @throws {RangeError} If `timeSteps` isn't an integer of at least 1.
   */
  constructor(timeSteps: number, options: ParallelNeuronOptions = {}) {
    super(options);
    this.timeSteps = checkCount("Cannot create parallel neurons", "timeSteps", timeSteps);
  }

  /** How they weigh what comes in. */
  protected override get weights(): ParallelWeights {
    return { kind: "full", order: this.timeSteps };
  }

  /** `[T, T]`. */
  protected override get weight(): TensorSpec {
    return drawnWeight([this.timeSteps, this.timeSteps], this.timeSteps);
  }

  /** `[T, 1]`. */
  protected override get biasShape(): Shape {
    return [this.timeSteps, 1];
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input What comes in, `[T, batch, ...shape]`: spikes or numbers.
   * @returns The spikes `[T, batch, ...shape]`.
   * @throws {RangeError} If the program has another T.
   */
  override compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    checkTimeSteps(this.kind, this.timeSteps, scope);
    return super.compile(scope, input);
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    return { ...super.toJSON(), timeSteps: this.timeSteps };
  }

  /** What a summary calls it. */
  override title(): string {
    return `${this.kind}, T ${this.timeSteps}`;
  }
}
