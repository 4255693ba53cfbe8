import type { Random } from "./random.ts";
import type { Shape } from "./shape.ts";

/** A tensor that a layer learns or keeps. */
export interface TensorSpec {
  /** PyTorch's shape, as it is saved; `[]` for a single number. */
  readonly shape: Shape;
  /**
   * Its first values, in PyTorch's order.
   *
   * @param random Where they are drawn from: one stream for the whole network, layer after layer.
   * @returns As many numbers as the shape has.
   */
  init(random: Random): Float32Array<ArrayBuffer>;
  /** How the numbers lie on the device, if not in PyTorch's order. */
  readonly order?: TensorOrder;
}

/** Another order of a tensor's numbers. */
export interface TensorOrder {
  /** From PyTorch's order to that of the device. */
  toDevice(values: ArrayLike<number>): Float32Array<ArrayBuffer>;
  /** From the device's order to PyTorch's. */
  toFile(values: ArrayLike<number>): Float32Array<ArrayBuffer>;
}

/** Tensors that lie one after the other in one buffer and are learned together. */
export interface ParameterSpec {
  /** The tensors by their names, in the order in which they lie in the buffer. */
  readonly tensors: Readonly<Record<string, TensorSpec>>;
  /**
   * Whether an optimizer's weight decay counts for them.
   *
   * @default {true}
   */
  readonly decays?: boolean;
}

/** Where a layer says which tensors it has: before anything is compiled, and without a device. */
export interface Declarations {
  /** The declarations of a part: its tensors' names begin with `name.`. */
  child(name: string): Declarations;
  /**
   * Declares what is learned: one tensor, saved as `PATH.name`.
   *
   * @param name Its name.
   * @param spec The tensor.
   * @param options How it is learned.
   */
  parameter(name: string, spec: TensorSpec, options?: Omit<ParameterSpec, "tensors">): void;
  /**
   * Declares tensors that lie in one buffer and are learned together, each saved as `PATH.name`.
   *
   * @param name The name by which a scope gives the buffer.
   * @param spec The tensors.
   */
  parameters(name: string, spec: ParameterSpec): void;
  /**
   * Declares what is kept and saved, but not learned, such as running means.
   *
   * @param name Its name.
   * @param spec The tensor.
   */
  state(name: string, spec: TensorSpec): void;
}

/**
 * The order of a matrix whose columns lie together on the device.
 *
 * @param rows Rows of PyTorch's tensor.
 * @param columns Its columns.
 * @returns The order: `[columns][rows]` on the device.
 */
export function transposed(rows: number, columns: number): TensorOrder {
  return {
    toDevice: (values) => transpose(values, rows, columns),
    toFile: (values) => transpose(values, columns, rows),
  };
}

function transpose(
  values: ArrayLike<number>,
  rows: number,
  columns: number,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = values[row * columns + column]!;
    }
  }
  return result;
}
