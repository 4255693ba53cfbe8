/**
 * What a page and its worker tell each other.
 *
 * @module
 */

import type { NetworkCounts, NetworkEnergy } from "@galvani/snn";

/** Pixels of a side of a picture. */
export const SIDE = 28;
/** Pixels of a picture. */
export const PIXELS = SIDE * SIDE;
/** Digits, and neurons. */
export const CLASSES = 10;

/** A picture to be read. */
export interface Digit {
  /** What its answers are told apart by. */
  readonly id: number;
  /** Grey values, white on black, `[28][28]`. */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** What a network did with a digit: what its ten last neurons did. */
export interface Answer {
  /** Which digit. */
  readonly id: number;
  /** The neuron that fired most often, of equals the first. */
  readonly digit: number;
  /** Spikes of each neuron, `[10]`. */
  readonly counts: readonly number[];
  /** 1 for each spike, `[T][10]`. */
  readonly spikes: Uint8Array<ArrayBuffer>;
  /** Potentials after the reset, `[T][10]`. */
  readonly potentials: Float32Array<ArrayBuffer>;
  /** What the layers before them did that the page shows. */
  readonly hidden: readonly LayerAnswer[];
}

/** What a layer did with a digit. */
export interface LayerAnswer {
  /** What it gives at a time step: `[neurons]`, or `[channels, height, width]`. */
  readonly shape: readonly number[];
  /** 1 for each spike, `[T][...shape]`. */
  readonly spikes: Uint8Array<ArrayBuffer>;
}

/** What a network has to do for the test digits. */
export interface Work {
  /** How often it adds and multiplies, for all of them. */
  readonly counts: NetworkCounts;
  /** What that takes for one of them. */
  readonly energy: NetworkEnergy;
}

/** How far the training is. */
export interface Progress {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Steps done in the epoch. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly steps: number;
  /** Digits learned from so far, those that came again too. */
  readonly digits: number;
  /** Mean loss of the last few steps. */
  readonly loss: number;
  /** Accuracy of the last few steps, 0 to 1. */
  readonly accuracy: number;
  /** Weights of the first layer that has any: a picture for each of its neurons or channels. */
  readonly weights: Float32Array<ArrayBuffer>;
}

/** Why nothing can be trained, or why a training ended. */
export type FailureCause = "origin" | "webgpu" | "adapter" | "data" | "worker" | "training";

/** From the page to the worker; `S` is what a visitor may choose. */
export type Order<S> =
  /** Train from new weights. The first one also opens the device and loads the digits. */
  | { readonly kind: "start"; readonly settings: S }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  /** Read this digit, and again as the network learns; without one, nothing. */
  | { readonly kind: "read"; readonly digit: Digit | undefined }
  /** Send one of the digits that the network is tested with. */
  | { readonly kind: "sample" };

/** From the worker to the page; `S` is what a visitor may choose. */
export type News<S> =
  /** How much of the digits has come, 0 to 1. */
  | { readonly kind: "loading"; readonly share: number }
  | { readonly kind: "opened"; readonly adapter: string; readonly isSoftware: boolean }
  /** There is a new network, made as these settings say, with these weights. */
  | {
    readonly kind: "started";
    readonly settings: S;
    readonly weights: Float32Array<ArrayBuffer>;
  }
  /** Whether it trains; `epochs` are those that are done. */
  | { readonly kind: "state"; readonly isTraining: boolean; readonly epochs: number }
  | { readonly kind: "progress"; readonly progress: Progress }
  /** After an epoch: how many of the test digits the network reads, 0 to 1; what that takes, where its page says so. */
  | {
    readonly kind: "tested";
    readonly epoch: number;
    readonly accuracy: number;
    readonly work?: Work;
  }
  | {
    readonly kind: "sample";
    readonly pixels: Uint8Array<ArrayBuffer>;
    readonly label: number;
  }
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "failure"; readonly cause: FailureCause; readonly message: string };
