import type { CompiledLayer, Layer, LayerJson } from "../../core/layer.ts";
import type { Random } from "../../core/random.ts";
import type { Scope } from "../../core/scope.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import type { Signal } from "../../core/signal.ts";
import type { Declarations, TensorSpec } from "../../core/tensor_spec.ts";
import { atan } from "../../surrogate/atan.ts";
import type { Surrogate } from "../../surrogate/surrogate.ts";
import { compileParallel } from "./compile.ts";
import { LEARNED, type ParallelWeights } from "./weights.ts";

/** Options of all kinds of parallel neurons. */
export interface ParallelNeuronOptions {
  /**
   * The surrogate gradient of a spike.
   *
   * @default {atan()}
   */
  surrogate?: Surrogate;
}

/** What the bias starts at, as SpikingJelly's: a neuron fires at a sum of 1. */
const FIRST_BIAS = -1;

/**
 * What the kinds of parallel neurons have in common: all T charges are one product of what comes in over time with
 * learned weights, and nothing is reset, so that no time step waits for the one before it.
 *
 * ```text
 * h[t] = bias + sum over s of weight x[s]
 * s[t] = 1 if h[t] >= 0 else 0
 * ```
 *
 * What comes after the end of a sample that ends before T counts as 0. Source: Fang et al., "Parallel Spiking Neurons
 * with High Efficiency and Ability to Learn Long-term Dependencies", NeurIPS 2023 (arXiv 2304.12760).
 */
export abstract class ParallelNeurons implements Layer {
  /** The kind of neuron. */
  abstract readonly kind: string;
  /** The surrogate gradient of a spike. */
  readonly surrogate: Surrogate;

  /**
   * Takes what all kinds have.
   *
   * @param options The surrogate gradient.
   */
  constructor(options: ParallelNeuronOptions) {
    this.surrogate = options.surrogate ?? atan();
  }

  /** How they weigh what comes in. */
  protected abstract get weights(): ParallelWeights;
  /** The tensor of weights. */
  protected abstract get weight(): TensorSpec;
  /** The shape of the bias. */
  protected abstract get biasShape(): Shape;

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in.
   * @returns The same: a neuron for each number.
   */
  outputShape(input: Shape): Shape {
    return input;
  }

  /**
   * Declares `weight` and `bias`, which is -1 at first.
   *
   * @param declarations Where to.
   */
  declare(declarations: Declarations): void {
    const shape = this.biasShape;
    const bias = { shape, init: () => new Float32Array(sizeOf(shape)).fill(FIRST_BIAS) };
    declarations.parameters(LEARNED, { tensors: { weight: this.weight, bias } });
  }

  /**
   * How many numbers the neurons of a sample update at each time step: a product for each input that a charge sees.
   *
   * @param input What a sample has that comes in.
   * @returns Numbers.
   */
  updates(input: Shape): number {
    return sizeOf(input) * this.weights.order;
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input What comes in, `[T, batch, ...shape]`: spikes or numbers.
   * @returns The spikes `[T, batch, ...shape]`.
   * @throws {RangeError} If the neurons are made for another T.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    const { kind: name, surrogate, weights } = this;
    return compileParallel(scope, input, { ...weights, name, surrogate });
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { name, parameters } = this.surrogate;
    return { kind: this.kind, surrogate: { name, ...parameters } };
  }

  /** What a summary calls it. */
  abstract title(): string;
}

/**
 * Draws weights as PyTorch's `kaiming_uniform_(a=sqrt(5))` does.
 *
 * @param shape The tensor's shape.
 * @param inputs Numbers that a weight's row has.
 * @returns The tensor, uniform in +-1 / sqrt(inputs).
 */
export function drawnWeight(shape: Shape, inputs: number): TensorSpec {
  const bound = 1 / Math.sqrt(inputs);
  const init = (random: Random) =>
    Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(-bound, bound));
  return { shape, init };
}

/**
 * Checks that neurons are made for as many time steps as a program has.
 *
 * @param kind The kind of neuron.
 * @param timeSteps T of the neurons.
 * @param scope The program.
 * @throws {RangeError} If it has more or fewer.
 */
export function checkTimeSteps(kind: string, timeSteps: number, scope: Scope): void {
  if (scope.timeSteps === timeSteps) return;
  throw new RangeError(
    `Cannot compile ${kind} neurons as they have weights for ${timeSteps} time steps: ` +
      `the model has ${scope.timeSteps}`,
  );
}
