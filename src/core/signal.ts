/**
 * Signals: what flows between layers, a value for each (time step, sample, place in the sample's
 * shape). A signal's kind says how those values exist. What is stored lies in buffers, and every layer
 * can read it; what isn't becomes stored by `stored()`, unless a layer has a faster way.
 *
 * @module
 */

import type { Shape } from "./shape.ts";

/** Numbers, such as an input current. */
export interface NumberSignal {
  /** The kind. */
  readonly kind: "numbers";
  /** What a sample has at one time step. */
  readonly shape: Shape;
  /** Whether the numbers differ from step to step, or are the same at each. */
  readonly over: "time" | "constant";
  /**
   * Over time: vec4 of f32 `[ceil(N / 8)][ceil(T / 4)][8]`, N samples times their size (see `dense.ts`).
   * Constant: f32 `[batch][...shape]`.
   */
  readonly values: GPUBuffer;
  /**
   * Whether the numbers are spikes that were added up, or multiplied: whole, and at least 0.
   *
   * @default {false}
   */
  readonly whole?: boolean;
}

/** One bit for each (time step, sample, place): what neurons fire. */
export interface SpikeSignal {
  /** The kind. */
  readonly kind: "spikes";
  /** What a sample has at one time step. */
  readonly shape: Shape;
  /** Spikes differ from step to step. */
  readonly over: "time";
  /** u32 `[ceil(T / 32)][batch * size]`: bit r of word w is time step 32 w + r. */
  readonly spikes: GPUBuffer;
  /** u32 `[batch][...shape]`: spikes over all T. */
  readonly counts: GPUBuffer;
  /**
   * What a spike counts in a step that learns (1 in one that doesn't): more than 1 after dropout.
   *
   * @default {1}
   */
  readonly scale?: number;
  /**
   * What the neurons keep from step to step, such as "v", their potential after each reset, where
   * somebody asked for it: in the layout of numbers over time.
   */
  readonly traces?: Readonly<Record<string, GPUBuffer>>;
}

/** A signal all of whose values lie in buffers: what every layer can read. */
export type StoredSignal = NumberSignal | SpikeSignal;

/**
 * Spikes of those places only that spike at all: what encoders make of an image, most of whose pixels
 * are 0, and of events. Each sample has a list of them.
 */
export interface EventSignal {
  /** The kind. */
  readonly kind: "events";
  /** What a sample has at one time step. */
  readonly shape: Shape;
  /** Spikes differ from step to step. */
  readonly over: "time";
  /** Entries that a list can have: the shape's size rounded up to a multiple of 4. */
  readonly capacity: number;
  /** The lists of the step's samples, see `kernels/lib/events.wgsl`. */
  readonly entries: GPUTexture;
  /** vec4 of u32 `[batch][capacity][blocks]`: spike bits of each entry, see `EventTime`. */
  readonly spikes: GPUTexture;
  /**
   * u32 `[numbers]`, which add up to the spikes of all steps that ran, where the program counts and the encoder
   * does so while it draws them.
   */
  readonly sums?: GPUBuffer;
}

/**
 * Spikes of recorded events, as no kernel reads them yet: who reads them asks a feed for them in the form that
 * suits it.
 */
export interface RecordingSignal {
  /** The kind. */
  readonly kind: "recordings";
  /** What a sample has at one time step. */
  readonly shape: Shape;
  /** Spikes differ from step to step. */
  readonly over: "time";
  /** How long a time step is, in the unit of the events' times. */
  readonly stepDuration: number;
  /** The same spikes as events, which are made when somebody asks for them first. */
  readonly listed: () => Promise<EventSignal>;
}

/** The batch's own bytes, value / 255, the same at each time step; a feed brings them to the device. */
export interface ByteSignal {
  /** The kind. */
  readonly kind: "bytes";
  /** What a sample has at one time step. */
  readonly shape: Shape;
  /** What it has in its data set: whoever takes neighbours together knows them by it. */
  readonly origin: Shape;
  /** It is the same at each step. */
  readonly over: "constant";
}

/** A signal of any kind. */
export type Signal = StoredSignal | EventSignal | RecordingSignal | ByteSignal;

/** The gradient of a loss for a signal; both parts may be there. */
export interface Gradient {
  /**
   * That of the values. `"time"`: a number for each time step, in the layout of numbers over time.
   * `"constant"`: f32 `[batch][...shape]`, the same at each time step. `"summed"`: f32
   * `[batch][...shape]`, that of all time steps added up, for a signal that is the same at each.
   */
  readonly values?: {
    readonly over: "time" | "constant" | "summed";
    readonly buffer: GPUBuffer;
  };
  /** Those of traces by their names, in the layout of numbers over time. */
  readonly traces?: Readonly<Record<string, GPUBuffer>>;
}

/**
 * Says a signal, for messages.
 *
 * @param signal The signal.
 * @returns Such as "spikes" or "constant numbers".
 */
export function describeSignal(signal: Signal): string {
  if (signal.kind !== "numbers") return signal.kind;
  return signal.over === "constant"
    ? "numbers that are the same at each time step"
    : "numbers over time";
}

/**
 * A signal whose samples have another shape of as many numbers.
 *
 * @param signal The signal.
 * @param shape The other shape.
 * @returns The same signal by that shape.
 */
export function reshaped<S extends Signal>(signal: S, shape: Shape): S {
  return { ...signal, shape };
}

/**
 * Whether a signal is spikes, be they added up: what reads it needs no product.
 *
 * @param signal The signal.
 * @returns True of spikes, events and recordings, and of numbers that are whole.
 */
export function isWhole(signal: Signal): boolean {
  return signal.kind === "spikes" || signal.kind === "events" || signal.kind === "recordings" ||
    signal.kind === "numbers" && signal.whole === true;
}
