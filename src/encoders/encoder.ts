import type { Compilation } from "../signal/compilation.ts";
import type { Signal } from "../signal/signal.ts";

/** Turns images into a signal over time. */
export interface Encoder {
  /**
   * Adds its kernels to a plan.
   *
   * @param compilation The plan in the making.
   * @returns The signal that it makes.
   */
  compile(compilation: Compilation): Promise<Signal>;
}
