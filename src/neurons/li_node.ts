import { neuron } from "../../kernels/mod.ts";
import type { CompiledLayer, Layer, LayerJson } from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import type { Shape } from "../core/shape.ts";
import type { Signal } from "../core/signal.ts";
import { checkFinite } from "../validate.ts";
import { compileNeurons } from "./compile.ts";
import { checkEach, mapEach, type NumberOrEach, toJson } from "./each.ts";
import type { NeuronModel } from "./neuron_model.ts";

/** Options of {@linkcode LiNode}. */
export interface LiNodeOptions {
  /**
   * The membrane's time constant, in time steps, at least 1: one number, or one for each neuron of a sample.
   *
   * @default {2}
   */
  tau?: NumberOrEach;
  /**
   * Whether the input decays too: it is divided by `tau`.
   *
   * @default {true}
   */
  decayInput?: boolean;
  /**
   * The potential before the first step.
   *
   * @default {0}
   */
  vInit?: number;
}

/**
 * Leaky integrators, a readout: neurons that don't fire. They give their potential at each time step.
 *
 * ```text
 * v[t] = v[t - 1] + (x[t] - v[t - 1]) / tau        (decayInput)
 * v[t] = v[t - 1] (1 - 1 / tau) + x[t]             (otherwise)
 * ```
 *
 * A network that ends in it gives one score for each class as the model's `readout` says: the mean, the
 * largest or the last potential. Source: `NonSpikingLIFNode` of SpikingJelly; without `decayInput` `Leaky` of
 * snnTorch with `reset_mechanism="none"` and `beta = 1 - 1 / tau`.
 *
 * @example
 * ```ts
 * import { LifNode, Linear, LiNode, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([
 *   new Linear(700, 128), new LifNode(), new Linear(128, 20), new LiNode({ tau: 20 }),
 * ]);
 * ```
 */
export class LiNode implements Layer {
  /** The kind of neuron. */
  readonly kind = "LiNode";
  /** The membrane's time constant, in time steps. */
  readonly tau: number | Float32Array;
  /** Whether the input decays too. */
  readonly decayInput: boolean;
  /** The potential before the first step. */
  readonly vInit: number;

  /**
   * Describes the neurons.
   *
   * @param options Their constants.
   * @throws {RangeError} If `tau` is less than 1, or the potential isn't finite.
   */
  constructor(options: LiNodeOptions = {}) {
    const what = "Cannot create leaky integrators";
    this.tau = checkEach(what, "tau", options.tau ?? 2, { bound: 1, open: false });
    this.decayInput = options.decayInput ?? true;
    this.vInit = checkFinite(what, "vInit", options.vInit ?? 0);
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  model(): NeuronModel {
    const { kind, tau, decayInput, vInit } = this;
    return {
      kind,
      state: ["v"],
      initial: [vInit],
      wgsl: neuron.lif,
      constants: { rest: 0, decay: mapEach(tau, (tau) => 1 / tau) },
      flags: { decayInput },
      storeV: true,
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
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The current `[T, batch, ...shape]`.
   * @returns The potentials, numbers `[T, batch, ...shape]`; the gradient is written over the current.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    return compileNeurons(scope, input, this.model());
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { kind, tau, decayInput, vInit } = this;
    return { kind, tau: toJson(tau), decayInput, vInit };
  }
}
