import type { Compilation } from "../signal/compilation.ts";
import type { Signal } from "../signal/signal.ts";

/** Turns images into a signal over time. */
export interface Encoder {
  /**
   * Whether pixels of value 0 may spike too, so that the plan's lists must hold all pixels.
   *
   * @default {false}
   */
  readonly allPixels?: boolean;
  /**
   * Adds its kernels to a plan.
   *
   * @param compilation The plan in the making.
   * @returns The signal that it makes.
   */
  compile(compilation: Compilation): Promise<Signal>;
}
