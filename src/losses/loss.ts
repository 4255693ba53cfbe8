import type { Compilation } from "../signal/compilation.ts";
import type { Signal, SignalGradient } from "../signal/signal.ts";

/** A loss in a plan. */
export interface CompiledLoss {
  /** f32 `[batch]`: the loss of each sample. */
  readonly losses: GPUBuffer;
  /** The gradient of the batch's mean loss for the network's output. */
  readonly gradient: SignalGradient;
}

/** What a network is trained to make small. */
export interface Loss {
  /** Its name in messages and logs. */
  readonly name: string;
  /**
   * Adds the loss to a plan.
   *
   * @param compilation The plan in the making.
   * @param output The network's output.
   * @returns The loss and its gradient.
   */
  compile(compilation: Compilation, output: Signal): Promise<CompiledLoss>;
}
