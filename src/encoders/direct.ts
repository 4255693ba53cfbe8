import type { Compilation } from "../signal/compilation.ts";
import type { PixelSignal } from "../signal/signal.ts";
import type { Encoder } from "./encoder.ts";

/**
 * Direct coding: the image itself is the input of each time step, `x[t] = value / 255`. The first
 * neurons of the network turn it into spikes, so it usually needs few time steps.
 *
 * As in SpikingJelly's networks that get the image at each step; no kernel runs for it.
 *
 * @example
 * ```ts
 * import { DirectEncoder } from "@galvani/snn";
 *
 * const encoder = new DirectEncoder();
 * ```
 */
export class DirectEncoder implements Encoder {
  /**
   * Says that the plan's pixels are the signal.
   *
   * @param compilation The plan in the making.
   * @returns The image `[batch, features]`, the same at each time step.
   */
  compile(compilation: Compilation): Promise<PixelSignal> {
    return Promise.resolve({ kind: "pixels", features: compilation.features });
  }
}
