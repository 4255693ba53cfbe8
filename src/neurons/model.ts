/**
 * What a kind of neuron is: its equations as WGSL, its state and its constants.
 *
 * @module
 */

import type { TemplateValues } from "../gpu/template.ts";
import type { Surrogate } from "../surrogate/surrogate.ts";

/** One number for all neurons of a layer, or one for each neuron of a sample, `[features]`. */
export type NeuronValue = number | ArrayLike<number>;

/** A constant of neurons that is learned. */
export interface LearnedConstant {
  /**
   * The number that is learned, before the first step: one for the layer, saved with the shape `[]`,
   * or one for each neuron of a sample, `[features]`.
   */
  readonly learned: NeuronValue;
  /**
   * How the constant follows from it: `1 / (1 + exp(-w))`, `exp(w)`, or w itself.
   *
   * @default {"identity"}
   */
  readonly by?: "sigmoid" | "exp" | "identity";
  /** The name by which it is saved. By default that of the constant. */
  readonly name?: string;
}

/** A constant of neurons: given, or learned. */
export type NeuronConstant = NeuronValue | LearnedConstant;

/**
 * How neurons of a kind charge.
 *
 * The kernels hold the WGSL at module scope. They declare, before it, `State` (f32, or vec2, vec3 or
 * vec4 of f32: the potential is the first), and an f32 for each constant, by the name that it has in
 * `constants`, in snake_case. The WGSL defines
 *
 * ```wgsl
 * fn charge(s: State, x: f32) -> State                           // from a state and an input to the next state
 * fn input_gradient(gh: State, s: State, x: f32) -> f32          // dL/dx from gh = dL/dcharge(s, x)
 * fn state_gradient(gh: State, s: State, x: f32) -> State        // dL/ds
 * fn decay_gradient(gh: State, s: State, x: f32) -> f32          // dL/ddecay, of a constant "decay" that is learned
 * ```
 *
 * Fire and reset, which follow the charge, change the potential only. Neurons that adapt have more variables, of
 * which a spike changes others, too, or which raise the threshold: their WGSL also defines, with 0 for the
 * potential,
 *
 * ```wgsl
 * fn spike_jump() -> State       // what a spike adds to the variables
 * fn threshold_raise() -> State  // by what the threshold is vThreshold + dot(threshold_raise(), charge(s, x))
 * ```
 */
export interface NeuronModel {
  /** The kind, in messages. */
  readonly kind: string;
  /** WGSL: a template, see `src/gpu/template.ts`. */
  readonly wgsl: string;
  /**
   * The names of the state's variables, four at most, the potential first.
   *
   * @default {["v"]}
   */
  readonly state?: readonly string[];
  /** The constants, by name. */
  readonly constants?: Readonly<Record<string, NeuronConstant>>;
  /** Values for the template's directives, such as `#if decay_input`. */
  readonly choices?: TemplateValues;
  /**
   * The state's variables before the first step, by name; the potential's is `vInit`.
   *
   * @default {0} for each
   */
  readonly initial?: Readonly<Record<string, NeuronValue>>;
  /**
   * Whether `input_gradient` and `state_gradient` don't read `s` and `x`, as `charge` is affine in them. A
   * network of one such layer may run as one kernel.
   *
   * @default {false}
   */
  readonly affine?: boolean;
  /**
   * Whether a spike changes more than the potential, or the threshold follows the state.
   *
   * @default {false}
   */
  readonly adapts?: boolean;
  /**
   * Whether the neurons fire. Those that don't give their potential.
   *
   * @default {true}
   */
  readonly fires?: boolean;
}

/** What tells one layer of neurons from another. */
export interface NeuronDescription extends NeuronModel {
  /** The threshold. */
  readonly vThreshold: NeuronValue;
  /** The potential after a spike; null for a soft reset. */
  readonly vReset: NeuronValue | null;
  /**
   * Whether a soft reset subtracts after the next step's decay.
   *
   * @default {false}
   */
  readonly resetDelay?: boolean;
  /** The potential before the first step. */
  readonly vInit: NeuronValue;
  /** Whether gradients stop at the reset. */
  readonly detachReset: boolean;
  /** Whether the potential after each step is kept. */
  readonly storeV: boolean;
  /** The surrogate gradient of a spike. */
  readonly surrogate: Surrogate;
}

/**
 * The names of a model's state variables.
 *
 * @param model The model.
 * @returns The names, the potential's first.
 */
export function stateOf({ state = ["v"] }: NeuronModel): readonly string[] {
  return state;
}
