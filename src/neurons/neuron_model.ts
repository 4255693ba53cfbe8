import type { TemplateValues } from "../gpu/template.ts";
import type { Surrogate } from "../surrogate/surrogate.ts";

/**
 * A constant of neurons: one number for all, one for each neuron of a sample (`[features]`, the same for
 * all samples), or learned.
 */
export type NeuronConstant = number | Float32Array | LearnedConstant;

/** A constant that is learned: it follows from the numbers w that are. */
export interface LearnedConstant {
  /** The name of the learned tensor, such as "w". */
  readonly learned: string;
  /** w before it is learned: one number for the layer, or one for each neuron. */
  readonly initial: number | Float32Array;
  /**
   * How the constant follows from w: it is w, `1 / (1 + exp(-w))` or `exp(w)`.
   *
   * @default {"identity"}
   */
  readonly by?: "identity" | "sigmoid" | "exp";
}

/** What tells one kind of neuron from another: its equations and constants. */
export interface NeuronModel {
  /** The kind, in messages. */
  readonly kind: string;
  /**
   * WGSL of how a neuron charges, and the derivatives of that. `State` is f32, or vec2 to vec4 for as many
   * variables, the potential first; constants are there by their names.
   *
   * - `fn charge(state: State, x: f32) -> State`, from the state after the last step to that before firing;
   * - `fn input_gradient(gh: State) -> f32`, dL/dx from the gradient gh of the charged state;
   * - `fn state_gradient(gh: State) -> State`, that of the state before the charge;
   * - for a learned constant NAME `fn NAME_gradient(gh: State, state: State, x: f32) -> f32`, the state
   *   being that before the charge.
   */
  readonly wgsl: string;
  /** The variables of the state by name, the potential first: 1 to 4. */
  readonly state: readonly string[];
  /** The state before the first step, in the order of `state`. */
  readonly initial: readonly number[];
  /** The constants of the WGSL by their names, in camelCase; in the WGSL they are in snake_case. */
  readonly constants: Readonly<Record<string, NeuronConstant>>;
  /** What the WGSL asks for in `#if`. */
  readonly flags: Readonly<Record<string, boolean>>;
  /** How it fires; neurons without it don't. */
  readonly firing?: Firing;
  /** Whether the potential after each step is kept. */
  readonly storeV: boolean;
}

/** How neurons fire and are reset. */
export interface Firing {
  /** The potential at which a neuron fires. */
  readonly vThreshold: number | Float32Array;
  /** The potential after a spike; null for a soft reset. */
  readonly vReset: number | Float32Array | null;
  /** Whether gradients stop at the reset. */
  readonly detachReset: boolean;
  /** The surrogate gradient of a spike. */
  readonly surrogate: Surrogate;
}

/** The WGSL of neurons, the values that it takes, and what it binds. */
export interface NeuronEquations {
  /** Its texts, to come before a kernel's own. */
  readonly texts: readonly string[];
  /** Their values. */
  readonly values: TemplateValues;
  /** Constants of each neuron, `[constants][features]`; none without any. */
  readonly each: Float32Array<ArrayBuffer>;
  /** What is learned, in the order of its numbers. */
  readonly learned: readonly LearnedRange[];
}

/** Where the numbers of a learned constant lie. */
export interface LearnedRange extends LearnedConstant {
  /** The index of its first number. */
  readonly first: number;
  /** How many there are: 1, or one for each neuron. */
  readonly length: number;
}
