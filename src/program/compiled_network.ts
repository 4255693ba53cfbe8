import type { Feed } from "../core/feed.ts";
import type { OptimizerState } from "../core/optimizer.ts";
import type { Shape } from "../core/shape.ts";
import type { Signal, StoredSignal } from "../core/signal.ts";
import type { CountedWork } from "./count_inputs.ts";
import type { Block } from "./parameter_store.ts";

/** What compiling gave, besides what the builder has. */
export interface CompiledNetwork {
  /** The signal that the encoder makes. */
  readonly input: Signal;
  /** What the network ends in. */
  readonly output: StoredSignal;
  /** What a sample of the output has. */
  readonly outputShape: Shape;
  /**
   * Whether steps that don't learn run the kernels of a program that only answers: sums then have the same
   * order, and so the same bits.
   */
  readonly answersAlike: boolean;
  /** What layers have to do, in a program that counts it. */
  readonly works: readonly CountedWork[];
  /** What the optimizer keeps of each block. */
  readonly states: ReadonlyMap<Block, OptimizerState>;
  /** What brings host data to the device. */
  readonly feeds: readonly Feed[];
}
