import type { Encoder, EncoderInput } from "../core/encoder.ts";
import type { Scope } from "../core/scope.ts";
import { formatShape, sizeOf } from "../core/shape.ts";
import type { EventSignal } from "../core/signal.ts";
import { compileTable } from "./table.ts";

/**
 * Periodic coding: the same spikes again and again, whatever the image is.
 *
 * ```text
 * s[t] = pattern[t mod period]
 * ```
 *
 * Source: `PeriodicEncoder` of SpikingJelly.
 *
 * @example
 * ```ts
 * import { PeriodicEncoder } from "@galvani/snn";
 *
 * const encoder = new PeriodicEncoder([[1, 0, 0], [0, 1, 1]]); // a period of 2 steps, 3 features
 * ```
 */
export class PeriodicEncoder implements Encoder {
  /** Its name in files. */
  readonly name = "periodic";
  /** Bytes and floats: pixels spike whatever their value is. */
  readonly takes = ["bytes", "floats"] as const;
  /** The spikes, 0 or 1, `[period][features]`. */
  readonly pattern: readonly Uint8Array[];

  /**
   * Describes the encoder.
   *
   * @param pattern The spikes, 0 or 1, `[period][features]`; a copy is kept.
   * @throws {TypeError} If there is no time step, or one has other features than the first.
   * @throws {RangeError} If a value is neither 0 nor 1.
   */
  constructor(pattern: ArrayLike<ArrayLike<number>>) {
    const what = "Cannot create a PeriodicEncoder";
    const features = pattern[0]?.length;
    if (!features) {
      throw new TypeError(`${what} as the pattern must have a time step and a feature at least`);
    }
    this.pattern = Array.from(pattern, (spikes, t) => {
      if (spikes.length !== features) {
        throw new TypeError(
          `${what} as all time steps must have ${features} features: step ${t} has ${spikes.length}`,
        );
      }
      return Uint8Array.from(spikes, (spike) => {
        if (spike === 0 || spike === 1) return spike;
        throw new RangeError(`${what} as spikes must be 0 or 1: step ${t} has ${spike}`);
      });
    });
  }

  /**
   * Adds the copying of the pattern to a program.
   *
   * @param scope The encoder's view of the program.
   * @param input What the samples are.
   * @returns Spike events `[T, batch, ...shape]`.
   * @throws {RangeError} If an image has other features than the pattern.
   */
  async compile(scope: Scope, input: EncoderInput): Promise<EventSignal> {
    const { pattern } = this;
    const features = pattern[0]!.length;
    if (features !== sizeOf(input.shape)) {
      throw new RangeError(
        `Cannot compile a PeriodicEncoder as its pattern has ${features} features: a sample has ` +
          formatShape(input.shape),
      );
    }
    return await compileTable(scope, input, {
      by: "place",
      spikes: (feature, t) => pattern[t % pattern.length]![feature] === 1,
    });
  }

  /** What makes the encoder again. */
  toJSON(): { name: "periodic"; pattern: number[][] } {
    return { name: this.name, pattern: this.pattern.map((spikes) => [...spikes]) };
  }
}
