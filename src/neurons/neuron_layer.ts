import type { CompiledLayer, Layer, LayerJson } from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import type { Shape } from "../core/shape.ts";
import type { Signal } from "../core/signal.ts";
import type { Declarations } from "../core/tensor_spec.ts";
import { atan } from "../surrogate/atan.ts";
import type { Surrogate } from "../surrogate/surrogate.ts";
import { checkFinite } from "../validate.ts";
import { compileNeurons, declareLearned } from "./compile.ts";
import { checkEach, type NumberOrEach, toJson } from "./each.ts";
import type { NeuronModel } from "./neuron_model.ts";

/** Options of all kinds of neurons. Potentials and currents are without unit; a time step is 1. */
export interface NeuronOptions {
  /**
   * The potential at which a neuron fires: one number, or one for each neuron of a sample.
   *
   * @default {1}
   */
  vThreshold?: NumberOrEach;
  /**
   * The potential after a spike (hard reset), one number or one for each neuron; null subtracts the threshold
   * instead (soft reset).
   *
   * @default {0}
   */
  vReset?: NumberOrEach | null;
  /**
   * The potential before the first step. By default `vReset`, or 0 with a soft reset or where each neuron has
   * a `vReset` of its own.
   */
  vInit?: number;
  /**
   * Whether the gradient stops at the reset.
   *
   * @default {false}
   */
  detachReset?: boolean;
  /**
   * Whether the potential after each step is kept, `[T, neurons]`: for losses that read it.
   *
   * @default {false}
   */
  storeV?: boolean;
  /**
   * The surrogate gradient of a spike.
   *
   * @default {atan()}
   */
  surrogate?: Surrogate;
}

/** The options of neurons, defaults filled in. */
export interface NeuronSettings extends Required<Omit<NeuronOptions, "vThreshold" | "vReset">> {
  /** The potential at which a neuron fires. */
  readonly vThreshold: number | Float32Array;
  /** The potential after a spike; null for a soft reset. */
  readonly vReset: number | Float32Array | null;
}

/**
 * A layer of spiking neurons of any kind, simulated over all T time steps by one kernel each way.
 *
 * ```text
 * charge  h = f(v, x), by kind of neuron
 * fire    s = 1 if h >= vThreshold else 0
 * reset   v = (1 - s) h + s vReset                (hard)
 *         v = h - s vThreshold                    (soft)
 * ```
 *
 * The potential starts at `vInit` in every run of a network.
 */
export abstract class NeuronLayer implements Layer {
  /** The kind of neuron. */
  abstract readonly kind: string;
  /** What all kinds of neurons have, defaults filled in. */
  readonly options: Readonly<NeuronSettings>;

  /**
   * Checks what all kinds of neurons have.
   *
   * @param what What can't be done, for messages.
   * @param options The options.
   * @throws {RangeError} If a potential isn't finite.
   */
  constructor(what: string, options: NeuronOptions) {
    const { vReset = 0 } = options;
    const reset = vReset === null ? null : checkEach(what, "vReset", vReset);
    this.options = {
      vThreshold: checkEach(what, "vThreshold", options.vThreshold ?? 1),
      vReset: reset,
      vInit: checkFinite(what, "vInit", options.vInit ?? (typeof reset === "number" ? reset : 0)),
      detachReset: options.detachReset ?? false,
      storeV: options.storeV ?? false,
      surrogate: options.surrogate ?? atan(),
    };
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  abstract model(): NeuronModel;

  /**
   * The part of a model that all kinds of one potential have, for {@linkcode NeuronLayer.model}.
   *
   * @returns What the options say, a state of the potential alone.
   */
  protected firingModel(): Pick<NeuronModel, "kind" | "state" | "initial" | "firing" | "storeV"> {
    const { vThreshold, vReset, vInit, detachReset, storeV, surrogate } = this.options;
    return {
      kind: this.kind,
      state: ["v"],
      initial: [vInit],
      firing: { vThreshold, vReset, detachReset, surrogate },
      storeV,
    };
  }

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
   * Declares what the neurons learn, such as `w` of a learned decay, as SpikingJelly names it.
   *
   * @param declarations Where to.
   */
  declare(declarations: Declarations): void {
    declareLearned(declarations, this.model());
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The current `[T, batch, ...shape]`.
   * @returns The spikes `[T, batch, ...shape]`; the gradient is written over the current.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    return compileNeurons(scope, input, this.model());
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { surrogate, vThreshold, vReset, ...options } = this.options;
    return {
      kind: this.kind,
      ...options,
      vThreshold: toJson(vThreshold),
      vReset: vReset === null ? null : toJson(vReset),
      surrogate: { name: surrogate.name, ...surrogate.parameters },
    };
  }
}
