import type { Encoder, EncoderInput } from "../core/encoder.ts";
import type { Scope } from "../core/scope.ts";
import type { EventSignal, RecordingSignal } from "../core/signal.ts";
import { listRecordings } from "../feeds/listed.ts";
import { checkAbove } from "../validate.ts";

/** Options of {@linkcode EventEncoder}. */
export interface EventEncoderOptions {
  /**
   * How long a time step is, in the unit of the events' times: 1000 for steps of a millisecond where the
   * times are microseconds.
   *
   * @default {1}
   */
  stepDuration?: number;
}

/**
 * The spikes of a data set of events: an event of time x is a spike at time step
 * `floor(x / stepDuration)`. Several events of one place in one step are one spike; events after T are left
 * out.
 *
 * @example
 * ```ts
 * import { EventEncoder } from "@galvani/snn";
 *
 * const encoder = new EventEncoder({ stepDuration: 1000 });
 * ```
 */
export class EventEncoder implements Encoder {
  /** Its name in files. */
  readonly name = "events";
  /** Events. */
  readonly takes = ["events"] as const;
  /** How long a time step is. */
  readonly stepDuration: number;

  /**
   * Describes the encoder.
   *
   * @param options How long a time step is.
   * @throws {RangeError} If the duration isn't a finite number above 0.
   */
  constructor(options: EventEncoderOptions = {}) {
    const what = "Cannot create an EventEncoder";
    this.stepDuration = checkAbove(what, "stepDuration", options.stepDuration ?? 1, 0);
  }

  /**
   * Adds the spikes to a program.
   *
   * @param scope The encoder's view of the program.
   * @param input What the samples are.
   * @returns The spikes `[T, batch, ...shape]`.
   */
  async compile(scope: Scope, input: EncoderInput): Promise<EventSignal | RecordingSignal> {
    const { stepDuration } = this;
    let events: Promise<EventSignal> | undefined;
    const listed = () => events ??= listRecordings(scope, input, stepDuration);
    // Workgroups share the lists.
    if (scope.gpu.preset.sharesSamples) return await listed();
    return { kind: "recordings", shape: input.shape, over: "time", stepDuration, listed };
  }

  /** What makes the encoder again. */
  toJSON(): { name: "events"; stepDuration: number } {
    return { name: this.name, stepDuration: this.stepDuration };
  }
}
