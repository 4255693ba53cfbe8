/**
 * Signals: what flows between layers, a value for each (time step, sample, feature). A signal's kind
 * says how those values exist; a layer picks the kernel that reads that kind.
 *
 * @module
 */

/**
 * Spikes of those features only that spike at all: what encoders make of an image, most of whose
 * pixels are 0. Which features those are stands in the plan's lists of pixels.
 */
export interface EventSignal {
  /** The kind. */
  readonly kind: "events";
  /** Features of a sample. */
  readonly features: number;
  /** Events that a sample can have: features rounded up to a multiple of 4. */
  readonly capacity: number;
  /** vec4 of u32 `[batch][capacity][blocks]`: spike bits, see `EventTime`. */
  readonly spikes: GPUTexture;
}

/** A number for each (time step, sample, feature), such as an input current. */
export interface DenseSignal {
  /** The kind. */
  readonly kind: "dense";
  /** Features of a sample. */
  readonly features: number;
  /** vec4 of f32 `[ceil(batch * features / 8)][ceil(T / 4)][8]`, see `dense.ts`. */
  readonly values: GPUBuffer;
}

/** One bit for each (time step, sample, feature): what neurons fire. */
export interface SpikeSignal {
  /** The kind. */
  readonly kind: "spikes";
  /** Features of a sample. */
  readonly features: number;
  /** u32 `[ceil(T / 32)][batch * features]`: bit r of word w is time step 32 w + r. */
  readonly spikes: GPUBuffer;
  /** u32 `[batch][features]`: spikes over all T. */
  readonly counts: GPUBuffer;
  /**
   * The neurons' potential after each step's reset, where they store it, in the layout of a
   * {@linkcode DenseSignal}.
   */
  readonly potential?: GPUBuffer;
  /**
   * What a spike counts in a step that learns (1 in one that doesn't): more than 1 after dropout.
   *
   * @default {1}
   */
  readonly scale?: number;
}

/**
 * The image itself, the same at each time step: value / 255 for each pixel of the plan's lists, 0 for
 * the others.
 */
export interface PixelSignal {
  /** The kind. */
  readonly kind: "pixels";
  /** Features of a sample. */
  readonly features: number;
}

/** A number for each (sample, feature), the same at each time step. */
export interface ConstantSignal {
  /** The kind. */
  readonly kind: "constant";
  /** Features of a sample. */
  readonly features: number;
  /** f32 `[batch][features]`. */
  readonly values: GPUBuffer;
}

/** A signal of any kind. */
export type Signal = EventSignal | PixelSignal | ConstantSignal | DenseSignal | SpikeSignal;

/** The gradient of a loss for a signal, the same at each time step: f32 `[batch][features]`. */
export interface ConstantGradient {
  /** The kind. */
  readonly kind: "constant";
  /** f32 `[batch][features]`. */
  readonly values: GPUBuffer;
}

/** The gradient of a loss for a signal, in the layout of a {@linkcode DenseSignal}. */
export interface DenseGradient {
  /** The kind. */
  readonly kind: "dense";
  /** vec4 of f32. */
  readonly values: GPUBuffer;
}

/** The gradient of a loss for a {@linkcode ConstantSignal}: that of all time steps added up. */
export interface TotalGradient {
  /** The kind. */
  readonly kind: "total";
  /** f32 `[batch][features]`. */
  readonly values: GPUBuffer;
}

/**
 * The gradient of a loss for the potential of a {@linkcode SpikeSignal}, in the layout of a
 * {@linkcode DenseSignal}; that of its spikes is 0.
 */
export interface PotentialGradient {
  /** The kind. */
  readonly kind: "potential";
  /** vec4 of f32. */
  readonly values: GPUBuffer;
}

/** The gradient of a loss for a signal. */
export type SignalGradient =
  | ConstantGradient
  | DenseGradient
  | TotalGradient
  | PotentialGradient;
