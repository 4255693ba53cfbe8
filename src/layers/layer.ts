import type { Compilation, Parameter } from "../signal/compilation.ts";
import type { Signal, SignalGradient } from "../signal/signal.ts";
import type { Random } from "../signal/random.ts";
import type { Tensor } from "../formats/tensor.ts";

/** A layer of a network: a description, which compiles into a plan. */
export interface Layer {
  /** The kind of layer, in messages and summaries. */
  readonly kind: string;
  /**
   * Features of a sample that the layer gives.
   *
   * @param input Features of a sample that come in.
   * @param where The layer's place, for messages.
   * @throws {RangeError} If the layer can't take that many.
   */
  outputFeatures(input: number, where: string): number;
  /** Numbers that the layer learns, as it starts: drawn from `random`. Nothing if it learns nothing. */
  initialParameters?(random: Random): Float32Array<ArrayBuffer> | undefined;
  /**
   * Names and shapes what the layer learns as PyTorch does.
   *
   * @param values The numbers as on the device, see `initialParameters`; of numbers that belong to
   * them one by one, such as an optimizer's, the same is true.
   * @returns Tensors of f32, such as `weight` `[outputs, inputs]`.
   */
  tensorsOf?(values: Float32Array<ArrayBuffer>): Record<string, Tensor>;
  /**
   * The reverse of `tensorsOf`.
   *
   * @param take Gives the elements of the tensor of a name and a shape.
   * @returns The numbers as on the device.
   */
  valuesOf?(take: TakeTensor): Float32Array<ArrayBuffer> | undefined;
  /**
   * Adds the layer's kernels to a plan.
   *
   * @param compilation The plan in the making.
   * @param input The signal that comes in.
   * @returns What comes out, and how gradients go back.
   */
  compile(compilation: Compilation, input: Signal): Promise<CompiledLayer>;
}

/** Gives the elements of a tensor, which must have the name and the shape that are asked for. */
export type TakeTensor = (name: string, shape: readonly number[]) => ArrayLike<number>;

/** A layer in a plan. */
export interface CompiledLayer {
  /** The signal that comes out. */
  readonly output: Signal;
  /** What the layer learns. */
  readonly parameter?: Parameter;
  /**
   * Adds the layer's backward kernels to the plan.
   *
   * @param gradient The gradient of the loss for the output.
   * @param inputNeeded Whether a layer before this one learns.
   * @returns The gradient for the input, where it is needed.
   */
  backward(
    gradient: SignalGradient,
    inputNeeded: boolean,
  ): Promise<SignalGradient | undefined>;
}
