import type { Compilation } from "../signal/compilation.ts";
import type { Random } from "../signal/random.ts";
import type { Signal } from "../signal/signal.ts";
import { checkCount } from "../validate.ts";
import type { Tensor } from "../formats/tensor.ts";
import type { CompiledLayer, Layer, TakeTensor } from "./layer.ts";
import { compileEventLinear } from "./linear_events.ts";
import { compilePixelLinear } from "./linear_pixels.ts";
import { compileStoredLinear } from "./linear_stored.ts";

/** Options of {@linkcode Linear}. */
export interface LinearOptions {
  /**
   * Whether a learned bias is added to each output.
   *
   * @default {true}
   */
  bias?: boolean;
}

/**
 * A fully connected layer: `output[t] = weight input[t] + bias` for each time step.
 *
 * Weight and bias start uniform in +-1 / sqrt(inputs), as `torch.nn.Linear`.
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
    this.outputs = checkCount(
      "Cannot create a Linear layer",
      "outputs",
      outputs,
    );
    this.bias = options.bias ?? true;
  }

  /**
   * Features of a sample that the layer gives.
   *
   * @param input Features of a sample that come in.
   * @param where The layer's place, for messages.
   * @returns The outputs.
   * @throws {RangeError} If `input` isn't the number of inputs.
   */
  outputFeatures(input: number, where: string): number {
    if (input !== this.inputs) {
      throw new RangeError(
        `Cannot compile ${where} (Linear ${this.inputs} to ${this.outputs}) as it takes ` +
          `${this.inputs} features: it gets ${input}`,
      );
    }
    return this.outputs;
  }

  /**
   * Weights `[inputs][outputs]`, then the bias `[outputs]`, as they start.
   *
   * @param random Where they are drawn from.
   * @returns The numbers.
   */
  initialParameters(random: Random): Float32Array<ArrayBuffer> {
    const bound = 1 / Math.sqrt(this.inputs);
    const size = (this.inputs + Number(this.bias)) * this.outputs;
    return Float32Array.from(
      { length: size },
      () => random.uniform(-bound, bound),
    );
  }

  /**
   * Names and shapes the parameters as `torch.nn.Linear` does.
   *
   * @param values Weights `[inputs][outputs]`, then the bias.
   * @returns `weight` `[outputs, inputs]` and, where there is one, `bias` `[outputs]`.
   */
  tensorsOf(values: Float32Array<ArrayBuffer>): Record<string, Tensor> {
    const { inputs, outputs } = this;
    const data = new Float32Array(inputs * outputs);
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) data[o * inputs + i] = values[i * outputs + o]!;
    }
    const weight = { shape: [outputs, inputs], data };
    if (!this.bias) return { weight };
    const bias = values.slice(inputs * outputs, (inputs + 1) * outputs);
    return { weight, bias: { shape: [outputs], data: bias } };
  }

  /**
   * The reverse of {@linkcode Linear.tensorsOf}.
   *
   * @param take Gives the elements of a tensor.
   * @returns Weights `[inputs][outputs]`, then the bias.
   */
  valuesOf(take: TakeTensor): Float32Array<ArrayBuffer> {
    const { inputs, outputs } = this;
    const values = new Float32Array((inputs + Number(this.bias)) * outputs);
    const weight = take("weight", [outputs, inputs]);
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) values[i * outputs + o] = weight[o * inputs + i]!;
    }
    if (this.bias) values.set(take("bias", [outputs]), inputs * outputs);
    return values;
  }

  /**
   * Adds the layer's kernels to a plan.
   *
   * @param compilation The plan in the making.
   * @param input The signal `[T, batch, inputs]`.
   * @returns A signal `[T, batch, outputs]`: constant if the input is, else dense.
   */
  compile(compilation: Compilation, input: Signal): Promise<CompiledLayer> {
    if (input.kind === "events") return compileEventLinear(compilation, input, this);
    if (input.kind === "pixels") return compilePixelLinear(compilation, this);
    return compileStoredLinear(compilation, input, this);
  }
}
