import * as encoder from "../../kernels/encoder/mod.ts";
import type { Encoder, EncoderInput } from "../core/encoder.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { EventSignal } from "../core/signal.ts";
import { eventTime } from "../core/time.ts";
import { listPlaces } from "./sparse.ts";

/**
 * Poisson coding: in each time step a pixel of value v (0 ... 255) spikes with probability v / 255,
 * independently of all other steps, pixels and samples. Floats, which must be 0 to 1, are rounded to
 * multiples of 1 / 255.
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
  /** Its name in files. */
  readonly name = "poisson";
  /** Bytes, and floats from 0 to 1. */
  readonly takes = ["bytes", "floats"] as const;

  /**
   * Adds the drawing of the spikes to a program.
   *
   * @param scope The encoder's view of the program.
   * @param input What the samples are.
   * @returns Spike events `[T, batch, ...shape]`.
   */
  async compile(scope: Scope, input: EncoderInput): Promise<EventSignal> {
    const { gpu, batchSize, timeSteps, counts } = scope;
    const signal = await listPlaces(scope, input, "active");
    const { capacity, entries, spikes } = signal;
    const lanes = gpu.preset.encoderLanes;
    const sums = counts
      ? { spike_sums: scope.buffer(batchSize * lanes * 4, "spike sums") }
      : undefined;
    await scope.run("forward", {
      name: "encoder/poisson",
      texts: [encoder.poisson],
      values: {
        ...eventTime(timeSteps),
        steps: timeSteps,
        features: sizeOf(input.shape),
        capacity,
        lanes,
        counts,
      },
      resources: { entries, spikes, ...sums },
      workgroups: [batchSize],
    });
    return { ...signal, ...sums ? { sums: sums.spike_sums } : {} };
  }

  /** What makes the encoder again. */
  toJSON(): { name: "poisson" } {
    return { name: this.name };
  }
}
