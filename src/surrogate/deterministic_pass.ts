import * as surrogate from "../../kernels/surrogate/mod.ts";
import type { Surrogate } from "./surrogate.ts";

/**
 * The deterministic pass, or straight-through estimator: gradient 1, primitive `x`.
 *
 * Source: `DeterministicPass` of SpikingJelly; Bengio et al., arXiv 1308.3432.
 *
 * @returns The surrogate.
 *
 * @example
 * ```ts
 * import { surrogates } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surrogates.deterministicPass().gradient(3), 1);
 * ```
 */
export function deterministicPass(): Surrogate {
  return {
    name: "deterministicPass",
    parameters: {},
    wgsl: surrogate.deterministicPass,
    gradient: () => 1,
    primitive: (x) => x,
  };
}
