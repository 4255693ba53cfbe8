import type { Encoder, EncoderInput } from "../core/encoder.ts";
import type { Scope } from "../core/scope.ts";
import type { EventSignal } from "../core/signal.ts";
import { checkCount } from "../validate.ts";
import { compileTable, PIXEL_VALUES } from "./table.ts";

/** How the time of a spike falls with the intensity. */
export type LatencyKind = "linear" | "log";

/** Options of {@linkcode LatencyEncoder}. */
export interface LatencyEncoderOptions {
  /**
   * How the time of a spike falls with the intensity.
   *
   * @default {"linear"}
   */
  kind?: LatencyKind;
}

/**
 * The time step at which an intensity spikes in latency coding.
 *
 * ```text
 * linear  t = round((T - 1) (1 - x))
 * log     t = round(T - 1 - ln(alpha x + 1)),  alpha = exp(T - 1) - 1
 * ```
 *
 * Halves round to even.
 *
 * @param x The intensity, 0 to 1.
 * @param timeSteps T, the number of time steps.
 * @param kind How the time falls with the intensity; `"linear"` by default.
 * @returns The time step, from T - 1 for 0 down to 0 for 1.
 * @throws {RangeError} If `x` isn't 0 to 1, T isn't an integer of at least 1 or there is no such kind.
 *
 * @example
 * ```ts
 * import { latencySpikeTime } from "@galvani/snn/extend";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0, 0.625, 1].map((x) => latencySpikeTime(x, 5)), [4, 2, 0]);
 * assertEquals(latencySpikeTime(0.1, 10, "log"), 2);
 * ```
 */
export function latencySpikeTime(
  x: number,
  timeSteps: number,
  kind: LatencyKind = "linear",
): number {
  const what = "Cannot encode as latency";
  if (!(x >= 0 && x <= 1)) {
    throw new RangeError(`${what} as an intensity must be 0 to 1: current value is ${x}`);
  }
  const last = checkCount(what, "timeSteps", timeSteps) - 1;
  if (checkKind(what, kind) === "linear") return roundHalfToEven(last * (1 - x));
  // last - ln(alpha x + 1), such that alpha can't overflow; for x = 0 exp(-last) may be 0.
  return roundHalfToEven(Math.min(last, -Math.log(x + (1 - x) * Math.exp(-last))));
}

/**
 * Latency coding: each pixel spikes once, the earlier the brighter it is, by
 * {@linkcode latencySpikeTime} of `x = value / 255`. Black pixels spike too, at the last time step.
 *
 * Source: `LatencyEncoder` of SpikingJelly, with as many time steps as the network runs.
 *
 * @example
 * ```ts
 * import { LatencyEncoder } from "@galvani/snn";
 *
 * const encoder = new LatencyEncoder({ kind: "log" });
 * ```
 */
export class LatencyEncoder implements Encoder {
  /** Its name in files. */
  readonly name = "latency";
  /** Bytes, and floats from 0 to 1. */
  readonly takes = ["bytes", "floats"] as const;
  /** How the time of a spike falls with the intensity. */
  readonly kind: LatencyKind;

  /**
   * Describes the encoder.
   *
   * @param options How the time of a spike falls with the intensity.
   * @throws {RangeError} If there is no such kind.
   */
  constructor(options: LatencyEncoderOptions = {}) {
    this.kind = checkKind("Cannot create a LatencyEncoder", options.kind ?? "linear");
  }

  /**
   * Adds the copying of each pixel's spike to a program.
   *
   * @param scope The encoder's view of the program.
   * @param input What the samples are.
   * @returns Spike events `[T, batch, ...shape]`.
   */
  compile(scope: Scope, input: EncoderInput): Promise<EventSignal> {
    const times = Array.from(
      { length: PIXEL_VALUES },
      (_, value) => latencySpikeTime(value / 255, scope.timeSteps, this.kind),
    );
    return compileTable(scope, input, {
      by: "value",
      spikes: (value, t) => times[value] === t,
    });
  }

  /** What makes the encoder again. */
  toJSON(): { name: "latency"; kind: LatencyKind } {
    return { name: this.name, kind: this.kind };
  }
}

function checkKind(what: string, kind: LatencyKind): LatencyKind {
  if (kind !== "linear" && kind !== "log") {
    throw new RangeError(`${what} as kind must be "linear" or "log": current value is "${kind}"`);
  }
  return kind;
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
