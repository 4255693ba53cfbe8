import type { Encoder, EncoderInput } from "../core/encoder.ts";
import type { Scope } from "../core/scope.ts";
import type { EventSignal } from "../core/signal.ts";
import { checkCount } from "../validate.ts";
import { compileTable, PIXEL_VALUES } from "./table.ts";

/** Options of {@linkcode WeightedPhaseEncoder}. */
export interface WeightedPhaseEncoderOptions {
  /**
   * K, the time steps of a period: the binary digits that are kept, 1 to 32.
   *
   * @default {8}
   */
  phases?: number;
}

/** More digits would go beyond what a float64 holds of a pixel's intensity. */
const MOST_PHASES = 32;

/**
 * The spikes of an intensity in weighted phase coding: its first K binary digits, the half first.
 *
 * ```text
 * s[t] = floor(x 2^(t + 1)) mod 2,  t = 0 ... K - 1
 * ```
 *
 * @param x The intensity, 0 to 1 - 2^-K.
 * @param phases K, the number of digits.
 * @returns The spikes, 0 or 1, `[K]`.
 * @throws {RangeError} If `x` or K is out of range.
 *
 * @example
 * ```ts
 * import { weightedPhaseSpikes } from "@galvani/snn/extend";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(weightedPhaseSpikes(0.625, 4), [1, 0, 1, 0]);
 * ```
 */
export function weightedPhaseSpikes(x: number, phases: number): number[] {
  const what = "Cannot encode as weighted phases";
  checkPhases(what, phases);
  if (!(x >= 0 && x <= 1 - 2 ** -phases)) {
    throw new RangeError(
      `${what} as an intensity must be 0 to 1 - 2^-${phases}: current value is ${x}`,
    );
  }
  return Array.from({ length: phases }, (_, t) => Math.floor(x * 2 ** (t + 1)) % 2);
}

/**
 * Weighted phase coding: time step t gives the binary digit t of a pixel's intensity, the half first;
 * after K steps the digits start again.
 *
 * K digits reach up to 1 - 2^-K, so a pixel's intensity is `x = value / 255 * (1 - 2^-K)`: white
 * pixels spike at each step, black ones never. With 8 phases the digits are those of the value itself.
 * Source: `WeightedPhaseEncoder` of SpikingJelly, which leaves this scaling to its user; the digits
 * are those of {@linkcode weightedPhaseSpikes}.
 *
 * @example
 * ```ts
 * import { WeightedPhaseEncoder } from "@galvani/snn";
 *
 * const encoder = new WeightedPhaseEncoder({ phases: 8 });
 * ```
 */
export class WeightedPhaseEncoder implements Encoder {
  /** Its name in files. */
  readonly name = "weightedPhase";
  /** Bytes, and floats from 0 to 1. */
  readonly takes = ["bytes", "floats"] as const;
  /** K, the time steps of a period. */
  readonly phases: number;

  /**
   * Describes the encoder.
   *
   * @param options How many digits it gives.
   * @throws {RangeError} If `phases` isn't an integer of 1 to 32.
   */
  constructor(options: WeightedPhaseEncoderOptions = {}) {
    this.phases = checkPhases("Cannot create a WeightedPhaseEncoder", options.phases ?? 8);
  }

  /**
   * Adds the copying of each pixel's digits to a program.
   *
   * @param scope The encoder's view of the program.
   * @param input What the samples are.
   * @returns Spike events `[T, batch, ...shape]`.
   */
  compile(scope: Scope, input: EncoderInput): Promise<EventSignal> {
    const { phases } = this;
    // Divided last, where it is the only rounding: each digit is then exact.
    const digits = Array.from(
      { length: PIXEL_VALUES },
      (_, value) => weightedPhaseSpikes(value * (1 - 2 ** -phases) / 255, phases),
    );
    return compileTable(scope, input, {
      by: "value",
      spikes: (value, t) => digits[value]![t % phases] === 1,
    });
  }

  /** What makes the encoder again. */
  toJSON(): { name: "weightedPhase"; phases: number } {
    return { name: this.name, phases: this.phases };
  }
}

function checkPhases(what: string, phases: number): number {
  checkCount(what, "phases", phases);
  if (phases > MOST_PHASES) {
    throw new RangeError(
      `${what} as phases must be ${MOST_PHASES} at most: current value is ${phases}`,
    );
  }
  return phases;
}
