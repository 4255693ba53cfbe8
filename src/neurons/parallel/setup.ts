import type { Parameter, Scope } from "../../core/scope.ts";
import type { StoredSignal } from "../../core/signal.ts";
import type { Resource } from "../../gpu/bindings.ts";
import type { TemplateValues } from "../../gpu/template.ts";
import type { Surrogate } from "../../surrogate/surrogate.ts";

/** A layer of parallel neurons in a program, as the way back needs to know it. */
export interface ParallelSetup {
  /** The layer's view of the program. */
  readonly scope: Scope;
  /** What comes in. */
  readonly input: StoredSignal;
  /** What charged the neurons, numbers over time; nothing in a program that only answers. */
  readonly charges: GPUBuffer | undefined;
  /** Weights, then the bias. */
  readonly parameter: Parameter;
  /** The matrix that the weights make, see `kernels/parallel/matrix.wgsl`. */
  readonly matrix: GPUBuffer;
  /** The mask's share, where there is one. */
  readonly lambda: Readonly<Record<string, GPUBuffer>>;
  /** The surrogate gradient of a spike. */
  readonly surrogate: Surrogate;
  /** Values of all its kernels. */
  readonly values: TemplateValues;
  /** What reads the input. */
  readonly reads: {
    readonly texts: readonly string[];
    readonly resources: Readonly<Record<string, Resource>>;
  };
}
