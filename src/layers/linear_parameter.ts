import type { Compilation, Parameter } from "../signal/compilation.ts";
import type { Linear } from "./linear.ts";

/** The weights and the bias of a Linear layer in a plan, and what its kernels must know of them. */
export interface LinearParameter {
  /** What the layer learns. */
  readonly parameter: Parameter;
  /** Values of `kernels/linear/parameters.wgsl` and of all that includes it. */
  readonly values: {
    readonly features: number;
    readonly outputs: number;
    readonly bias: boolean;
    readonly parameterQuads: number;
    readonly uniformParameters: boolean;
  };
}

/**
 * Makes the buffers of a Linear layer's parameters.
 *
 * @param compilation The plan that will own them.
 * @param layer The layer.
 * @param copies How many copies of the gradient its kernels add up.
 * @returns The parameter.
 */
export function createLinearParameter(
  compilation: Compilation,
  layer: Linear,
  copies: number,
): LinearParameter {
  const { gpu } = compilation;
  const { inputs, outputs, bias } = layer;
  const size = (inputs + Number(bias)) * outputs;
  const parameterQuads = Math.ceil(size / 4);
  const bytes = parameterQuads * 16;
  return {
    parameter: {
      size,
      copies,
      values: compilation.buffer(bytes, "parameters"),
      gradient: compilation.buffer(copies * bytes, "parameter gradient"),
    },
    values: {
      features: inputs,
      outputs,
      bias,
      parameterQuads,
      uniformParameters: gpu.readsUniform(bytes),
    },
  };
}
