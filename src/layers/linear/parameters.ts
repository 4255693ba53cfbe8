import type { Parameter, Scope } from "../../core/scope.ts";

/** What the variants of a Linear layer need to know of it. */
export interface LinearShape {
  /** Features of an input sample. */
  readonly inputs: number;
  /** Features of an output sample. */
  readonly outputs: number;
  /** Whether a bias is added. */
  readonly bias: boolean;
}

/** The weights and the bias of a Linear layer in a program, and what its kernels must know of them. */
export interface LinearParameters {
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
 * What a Linear layer learns, as its kernels read it.
 *
 * @param scope The layer's view of the program.
 * @param layer The layer.
 * @param copies How many copies of the gradient its kernels add up.
 * @returns The parameters.
 */
export function linearParameters(
  scope: Scope,
  { inputs, outputs, bias }: LinearShape,
  copies: number,
): LinearParameters {
  const parameter = scope.parameter("weight", copies);
  return {
    parameter,
    values: {
      features: inputs,
      outputs,
      bias,
      parameterQuads: Math.ceil(parameter.size / 4),
      uniformParameters: scope.gpu.readsUniform(parameter.values.size),
    },
  };
}
