import type { Gradient, Signal } from "./signal.ts";

/** A layer in a program. */
export interface CompiledLayer {
  /** The signal that comes out. */
  readonly output: Signal;
  /**
   * Adds the layer's backward kernels to the program.
   *
   * @param gradient The gradient of the loss for the output.
   * @param needed Whether a layer before this one learns: whether a gradient of the input is needed.
   * @returns The gradient for the input, where it is needed.
   */
  backward(gradient: Gradient, needed: boolean): Promise<Gradient | undefined>;
}
