/**
 * What goes into a {@linkcode Simulation} and what comes out.
 *
 * @module
 */

/** What a {@linkcode Simulation} is made for. */
export interface SimulationShape {
  /** T, the number of time steps. */
  timeSteps: number;
  /** N, the number of neurons: `[N]`, or more dimensions, whose product is N. */
  neurons: number | readonly number[];
  /**
   * Neurons of a sample, of which N are several: constants that differ from neuron to neuron have so many
   * numbers.
   *
   * @default {N}
   */
  features?: number;
  /**
   * Variables of the state that are kept after each step, apart from the potential of neurons with
   * `storeV`.
   *
   * @default {[]}
   */
  traces?: readonly string[];
}

/** Options of {@linkcode Simulation.forward}. */
export interface ForwardOptions {
  /**
   * The state before the first step: that of the layer ("reset"), what the last call ended with
   * ("carry"), one potential for each neuron, `[N]`, or the same of any variables, by name; variables
   * that aren't given are the layer's.
   *
   * @default {"reset"}
   */
  state?: "reset" | "carry" | Float32Array | Readonly<Record<string, Float32Array>>;
}

/** What {@linkcode Simulation.forward} gives. */
export interface SimulationResult {
  /** Spikes, 0 or 1, `[T, N]`. */
  readonly spikes: Uint8Array<ArrayBuffer>;
  /** Spikes over T, `[N]`. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** The potential after each step's reset, `[T, N]`; only from neurons with `storeV` or that don't fire. */
  readonly v?: Float32Array<ArrayBuffer>;
  /** All variables of the state that are kept after each step, `[T, N]`, by name. */
  readonly traces: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  /** The potential after the last step, `[N]`. */
  readonly vFinal: Float32Array<ArrayBuffer>;
  /** All variables of the state after the last step, `[N]`, by name. */
  readonly final: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
}

/** Gradients of a loss for what {@linkcode Simulation.forward} gave; one at least. */
export interface UpstreamGradients {
  /** That of the spikes: `[T, N]`, or `[N]` if it is the same at each time step. */
  spikes?: Float32Array;
  /** That of the potential after each step's reset: `[T, N]`. */
  v?: Float32Array;
  /** Those of any variables of the state after each step, `[T, N]`, by name. */
  traces?: Readonly<Record<string, Float32Array>>;
}

/** What {@linkcode Simulation.backward} gives. */
export interface SimulationGradients {
  /** The gradient of the current, `[T, N]`. */
  readonly x: Float32Array<ArrayBuffer>;
  /** The gradient of the potential before the first step, `[N]`. */
  readonly vInit: Float32Array<ArrayBuffer>;
  /** Those of all variables of the state before the first step, `[N]`, by name. */
  readonly initial: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  /** The gradient of w, where the layer learns one number of that name. */
  readonly w?: number;
  /** The gradients of all that is learned, by name. */
  readonly learned: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
}
