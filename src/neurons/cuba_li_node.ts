import type { LayerJson } from "../core/layer.ts";
import {
  type CubaConstants,
  cubaConstants,
  cubaJson,
  cubaModel,
  type CubaOptions,
} from "./cuba.ts";
import type { NeuronDescription, NeuronValue } from "./model.ts";
import { NeuronLayer } from "./neuron_layer.ts";
import { valueToJson } from "./values.ts";

/** Options of {@linkcode CubaLiNode}. */
export interface CubaLiNodeOptions extends CubaOptions {
  /** The potential before the first step. By default `vRest`. */
  vInit?: NeuronValue;
}

/**
 * Current-based leaky integrators: {@linkcode CubaLifNode} that don't fire. The layer gives their potential
 * after each step, `[T, batch, features]`, as numbers over time.
 *
 * Where the numbers come from another program: Norse's `LI` is `decayCurrent` with
 * `tauSyn = 1 / (dt tau_syn_inv)` and `tauMem = 1 / (dt tau_mem_inv)`; for NIR's `CubaLI` see
 * {@linkcode CubaLifNode}.
 *
 * @example
 * ```ts
 * import { CubaLiNode } from "@galvani/snn";
 *
 * const readout = new CubaLiNode({ tauSyn: 5, tauMem: 20, decayCurrent: true });
 * ```
 */
export class CubaLiNode extends NeuronLayer {
  /** The kind of neuron. */
  override readonly kind = "CubaLiNode";
  /** What all current-based neurons have, defaults filled in. */
  readonly constants: CubaConstants;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If a time constant is less than 1 (one that is learned must be greater), or a
   * potential or a current isn't finite.
   */
  constructor(options: CubaLiNodeOptions = {}) {
    const what = "Cannot create current-based leaky integrators";
    const constants = cubaConstants(what, options, 0);
    super(what, { vInit: options.vInit ?? constants.vRest });
    this.constants = constants;
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  override describe(): NeuronDescription {
    return { ...this.options, kind: this.kind, ...cubaModel(this.constants), fires: false };
  }

  /** What makes the layer again. */
  override toJSON(): LayerJson {
    const vInit = valueToJson(this.options.vInit);
    return { kind: this.kind, ...cubaJson(this.constants), vInit };
  }
}
