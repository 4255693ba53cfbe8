import type { Content } from "../datasets/dataset.ts";
import type { Scope } from "./scope.ts";
import type { Shape } from "./shape.ts";
import type { Signal } from "./signal.ts";

/** What samples are, as an encoder needs to know it. */
export interface EncoderInput {
  /** What a sample has at one time step. */
  readonly shape: Shape;
  /** What the numbers of a sample are. */
  readonly content: Content["kind"];
  /** Time steps that the data have of their own, where each has a number of its own. */
  readonly timeSteps?: number;
  /**
   * Whether samples may end before T.
   *
   * @default {false}
   */
  readonly lengths?: boolean;
}

/** An encoder as JSON: its name and what it takes to make it again. */
export type EncoderJson = { readonly name: string; readonly [option: string]: unknown };

/**
 * What a network gets at a time step.
 *
 * @param encoder What encodes.
 * @param input What a sample has.
 * @returns What comes out of the encoder.
 */
export const encodedShape = (encoder: Encoder, input: Shape): Shape =>
  encoder.outputShape?.(input) ?? input;

/** Turns samples into a signal over time. */
export interface Encoder {
  /** Its name in summaries and files. */
  readonly name: string;
  /** What it can encode: anything else is an error before anything compiles. */
  readonly takes: readonly Content["kind"][];
  /**
   * What comes out at a time step, where that isn't what a sample has.
   *
   * @param shape What a sample has.
   * @returns What the network gets.
   */
  outputShape?(shape: Shape): Shape;
  /**
   * Adds its kernels to a program.
   *
   * @param scope The encoder's view of the program.
   * @param input What the samples are.
   * @returns The signal that it makes.
   */
  compile(scope: Scope, input: EncoderInput): Promise<Signal>;
  /** What makes the encoder again: for checkpoints and the command line. */
  toJSON(): EncoderJson;
}
