import { compileVariant } from "../../core/variant.ts";
import type { CompiledLayer, Layer } from "../../core/layer.ts";
import type { Random } from "../../core/random.ts";
import type { Scope } from "../../core/scope.ts";
import { formatShape, type Shape } from "../../core/shape.ts";
import type { Signal } from "../../core/signal.ts";
import { type Declarations, transposed } from "../../core/tensor_spec.ts";
import { checkCount } from "../../validate.ts";
import { linearEvents } from "./events.ts";
import { linearRecordings } from "./recordings.ts";
import { linearStored } from "./stored.ts";
import { linearTiles } from "./tiles.ts";

/** Options of {@linkcode Linear}. */
export interface LinearOptions {
  /**
   * Whether a learned bias is added to each output.
   *
   * @default {true}
   */
  bias?: boolean;
}

/** How a Linear layer can be compiled, the fastest first. */
const VARIANTS = [linearEvents, linearRecordings, linearTiles, ...linearStored];

/**
 * A fully connected layer: `output[t] = weight input[t] + bias` for each time step.
 *
 * Weight and bias start uniform in +-1 / sqrt(inputs), as `torch.nn.Linear`. A sample of more dimensions
 * than one goes through a `Flatten` first.
 *
 * @example
 * ```ts
 * import { Linear } from "@galvani/snn";
 *
 * const layer = new Linear(784, 10, { bias: false });
 * ```
 */
export class Linear implements Layer {
  /** The kind of layer. */
  readonly kind = "Linear";
  /** Features of an input sample. */
  readonly inputs: number;
  /** Features of an output sample. */
  readonly outputs: number;
  /** Whether a bias is added. */
  readonly bias: boolean;

  /**
   * Describes the layer.
   *
   * @param inputs Features of an input sample.
   * @param outputs Features of an output sample.
   * @param options Whether it has a bias.
   * @throws {RangeError} If `inputs` or `outputs` isn't an integer of at least 1.
   */
  constructor(inputs: number, outputs: number, options: LinearOptions = {}) {
    this.inputs = checkCount("Cannot create a Linear layer", "inputs", inputs);
    this.outputs = checkCount("Cannot create a Linear layer", "outputs", outputs);
    this.bias = options.bias ?? true;
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in: `[inputs]`.
   * @returns `[outputs]`.
   * @throws {RangeError} If it has another shape.
   */
  outputShape(input: Shape): Shape {
    const { inputs, outputs } = this;
    if (input.length === 1 && input[0] === inputs) return [outputs];
    const flat = input.reduce((product, size) => product * size, 1);
    throw new RangeError(
      `Cannot compile Linear ${inputs} to ${outputs} as it takes samples of [${inputs}]: it gets ` +
        formatShape(input) +
        (input.length > 1 && flat === inputs ? ", which Flatten would turn into that" : ""),
    );
  }

  /**
   * Declares `weight` `[outputs, inputs]` and, where there is one, `bias` `[outputs]`. On the device they are
   * one buffer, weights `[inputs][outputs]` first.
   *
   * @param declarations Where to.
   */
  declare(declarations: Declarations): void {
    const { inputs, outputs, bias } = this;
    const bound = 1 / Math.sqrt(inputs);
    const draw = (count: number) => (random: Random) =>
      Float32Array.from({ length: count }, () => random.uniform(-bound, bound));
    const order = transposed(outputs, inputs);
    const weight = {
      shape: [outputs, inputs],
      // Drawn in the order of the device, in which all networks so far were.
      init: (random: Random) => order.toFile(draw(inputs * outputs)(random)),
      order,
    };
    declarations.parameters("weight", {
      tensors: { weight, ...bias ? { bias: { shape: [outputs], init: draw(outputs) } } : {} },
    });
  }

  /** Each input reaches all outputs. */
  fanOut(): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.inputs).fill(this.outputs);
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The signal `[T, batch, inputs]`.
   * @returns Numbers `[T, batch, outputs]`: the same at each time step if the input is.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    return compileVariant(VARIANTS, this, input, scope);
  }

  /** What makes the layer again. */
  toJSON(): { kind: "Linear"; inputs: number; outputs: number; bias: boolean } {
    const { kind, inputs, outputs, bias } = this;
    return { kind, inputs, outputs, bias };
  }

  /** What a summary calls it. */
  title(): string {
    return `Linear ${this.inputs} to ${this.outputs}${this.bias ? "" : ", no bias"}`;
  }
}
