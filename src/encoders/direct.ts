import type { Encoder, EncoderInput } from "../core/encoder.ts";
import type { Scope } from "../core/scope.ts";
import type { Signal } from "../core/signal.ts";
import { Rows } from "../feeds/rows.ts";

/**
 * Direct coding: the sample itself is the input of each time step, bytes as `x[t] = value / 255`, floats as
 * they are. Floats that have a time axis are the input of their own time steps. The first neurons of the
 * network turn it into spikes, so it usually needs few time steps.
 *
 * As in SpikingJelly's networks that get the image at each step.
 *
 * @example
 * ```ts
 * import { DirectEncoder } from "@galvani/snn";
 *
 * const encoder = new DirectEncoder();
 * ```
 */
export class DirectEncoder implements Encoder {
  /** Its name in files. */
  readonly name = "direct";
  /** Bytes and floats. */
  readonly takes = ["bytes", "floats"] as const;

  /**
   * Says that the samples are the signal.
   *
   * @param scope The encoder's view of the program.
   * @param input What the samples are.
   * @returns Bytes, or the numbers `[batch, ...shape]` or `[T, batch, ...shape]`.
   * @throws {RangeError} If the samples have other time steps than the program.
   */
  async compile(scope: Scope, input: EncoderInput): Promise<Signal> {
    const { shape, content, timeSteps } = input;
    if (content === "bytes") return { kind: "bytes", shape, origin: shape, over: "constant" };
    if (timeSteps !== undefined && timeSteps !== scope.timeSteps) {
      throw new RangeError(
        `Cannot encode samples of ${timeSteps} time steps directly as the network runs ` +
          `${scope.timeSteps}`,
      );
    }
    const rows = await scope.feed(
      "rows of floats",
      (scope) =>
        Rows.create(scope, { shape, content: "floats", overTime: timeSteps !== undefined }),
    );
    return rows.signal;
  }

  /** What makes the encoder again. */
  toJSON(): { name: "direct" } {
    return { name: this.name };
  }
}
