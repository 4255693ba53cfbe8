import { encoder } from "../../kernels/mod.ts";
import type { Compilation } from "../signal/compilation.ts";
import { createEventSignal } from "../signal/events.ts";
import type { EventSignal } from "../signal/signal.ts";
import { eventTime } from "../signal/time.ts";
import type { Encoder } from "./encoder.ts";

/**
 * Poisson coding: in each time step a pixel of value v (0 ... 255) spikes with probability v / 255,
 * independently of all other steps, pixels and samples.
 *
 * Source: `PoissonEncoder` of SpikingJelly. Which spikes are drawn is a pure function of the seed,
 * the training step, the sample's place in the batch, the pixel and the time step.
 *
 * @example
 * ```ts
 * import { PoissonEncoder } from "@galvani/snn";
 *
 * const encoder = new PoissonEncoder();
 * ```
 */
export class PoissonEncoder implements Encoder {
  /**
   * Adds the drawing of the spikes to a plan.
   *
   * @param compilation The plan in the making.
   * @returns Spike events `[T, batch, features]`.
   */
  async compile(compilation: Compilation): Promise<EventSignal> {
    const { gpu, batchSize, timeSteps, features, steps, samples, pixels } = compilation;
    const signal = createEventSignal(compilation);
    const kernel = await gpu.compile({
      name: "encoder/poisson",
      texts: [encoder.poisson],
      values: {
        ...eventTime(timeSteps),
        steps: timeSteps,
        features,
        capacity: signal.capacity,
        lanes: gpu.preset.encoderLanes,
      },
    });
    const { spikes } = signal;
    compilation.add(
      "forward",
      await kernel.bind({ step: steps, samples, pixels, spikes }, [batchSize]),
    );
    return signal;
  }
}
