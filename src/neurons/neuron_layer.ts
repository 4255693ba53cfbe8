import type { CompiledLayer, Layer, LayerJson } from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Signal } from "../core/signal.ts";
import type { Declarations } from "../core/tensor_spec.ts";
import { atan } from "../surrogate/atan.ts";
import type { Surrogate } from "../surrogate/surrogate.ts";
import { compileNeurons, declareLearned } from "./compile.ts";
import { type NeuronDescription, type NeuronValue, stateOf } from "./model.ts";
import { checkEach, valueToJson } from "./values.ts";

/**
 * Options of all kinds of neurons. Potentials and currents are without unit; a time step is 1. A potential
 * is one number for all neurons, or one for each neuron of a sample, `[features]`.
 */
export interface NeuronOptions {
  /**
   * The potential at which a neuron fires.
   *
   * @default {1}
   */
  vThreshold?: NeuronValue;
  /**
   * The potential after a spike (hard reset); null subtracts the threshold instead (soft reset).
   *
   * @default {0}
   */
  vReset?: NeuronValue | null;
  /**
   * Whether a soft reset subtracts the threshold in the next step, after the decay: snnTorch's
   * `reset_mechanism="subtract"` with `reset_delay`, its default. The potential that is kept is then the one
   * that fired, and gradients don't pass the reset. It takes `vReset: null`.
   *
   * @default {false}
   */
  resetDelay?: boolean;
  /**
   * The potential before the first step. By default `vReset`, or 0 with a soft reset.
   */
  vInit?: NeuronValue;
  /**
   * Whether the gradient stops at the reset. By default it doesn't, but at one that is delayed.
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

/**
 * A layer of neurons of any kind, simulated over all T time steps by one kernel each way. A kind of one's
 * own is a class that extends this one; see {@linkcode NeuronModel} for what its WGSL defines.
 *
 * ```text
 * charge  h = f(v, x), by kind of neuron; v and h may have more variables than the potential
 * fire    s = 1 if h >= vThreshold else 0
 * reset   v = (1 - s) h + s vReset                (hard)
 *         v = h - s vThreshold                    (soft)
 *         v = h, and the next h less s vThreshold (soft, resetDelay)
 * ```
 *
 * The potential starts at `vInit` in every run of a network.
 *
 * @example
 * ```ts
 * import { type NeuronDescription, NeuronLayer } from "@galvani/snn/extend";
 *
 * class HalfNode extends NeuronLayer {
 *   override readonly kind = "HalfNode";
 *   override describe(): NeuronDescription {
 *     return { ...this.options, kind: this.kind, wgsl: WGSL, constants: { kept: 0.5 }, affine: true };
 *   }
 * }
 * const WGSL = `
 * fn charge(v: f32, x: f32) -> f32 { return kept * v + x; }
 * fn input_gradient(gh: f32, v: f32, x: f32) -> f32 { return gh; }
 * fn state_gradient(gh: f32, v: f32, x: f32) -> f32 { return kept * gh; }`;
 * const neurons = new HalfNode("Cannot create half-keeping neurons", { vThreshold: 0.5 });
 * ```
 */
export abstract class NeuronLayer implements Layer {
  /** The kind of neuron. */
  abstract readonly kind: string;
  /** What all kinds of neurons have, defaults filled in. */
  readonly options: Readonly<Required<NeuronOptions>>;

  /**
   * Checks what all kinds of neurons have.
   *
   * @param what What can't be done, for messages.
   * @param options The options.
   * @throws {RangeError} If a potential isn't finite, or a reset is delayed that can't be.
   */
  constructor(what: string, options: NeuronOptions) {
    const { vReset = 0, resetDelay = false, detachReset = resetDelay } = options;
    if (resetDelay && vReset !== null) {
      throw new RangeError(
        `${what} as resetDelay delays a soft reset: vReset must be null, but is ${vReset}`,
      );
    }
    if (resetDelay && !detachReset) {
      throw new RangeError(`${what} as no gradient passes a delayed reset: detachReset is false`);
    }
    this.options = {
      vThreshold: checkEach(what, "vThreshold", options.vThreshold ?? 1),
      vReset: vReset === null ? null : checkEach(what, "vReset", vReset),
      vInit: checkEach(what, "vInit", options.vInit ?? vReset ?? 0),
      resetDelay,
      detachReset,
      storeV: options.storeV ?? false,
      surrogate: options.surrogate ?? atan(),
    };
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  abstract describe(): NeuronDescription;

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
   * Declares what the neurons learn, such as the `w` of a learned time constant.
   *
   * @param declarations Where to.
   */
  declare(declarations: Declarations): void {
    declareLearned(declarations, this.describe());
  }

  /**
   * How many numbers the neurons of a sample update at each time step: their state's variables.
   *
   * @param input What a sample has that comes in.
   * @returns Numbers.
   */
  updates(input: Shape): number {
    return sizeOf(input) * stateOf(this.describe()).length;
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The current `[T, batch, ...shape]`.
   * @returns The spikes `[T, batch, ...shape]`, or the potentials of neurons that don't fire; the gradient
   * is written over the current.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    return compileNeurons(scope, input, this.describe());
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { vThreshold, vReset, resetDelay, vInit, detachReset, storeV, surrogate } = this.options;
    return {
      kind: this.kind,
      vThreshold: valueToJson(vThreshold),
      vReset: vReset === null ? null : valueToJson(vReset),
      resetDelay,
      vInit: valueToJson(vInit),
      detachReset,
      storeV,
      surrogate: { name: surrogate.name, ...surrogate.parameters },
    };
  }
}
