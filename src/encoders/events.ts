import * as encoder from "../../kernels/encoder/mod.ts";
import type { Encoder, EncoderInput } from "../core/encoder.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { EventSignal } from "../core/signal.ts";
import { eventTime } from "../core/time.ts";
import { eventLists } from "../feeds/lists.ts";
import { SparseLists } from "../feeds/sparse_lists.ts";
import { checkAbove } from "../validate.ts";
import { eventSignal } from "./sparse.ts";

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
   * Adds the copying of the spikes to a program.
   *
   * @param scope The encoder's view of the program.
   * @param input What the samples are.
   * @returns Spike events `[T, batch, ...shape]`.
   */
  async compile(scope: Scope, input: EncoderInput): Promise<EventSignal> {
    const { gpu, batchSize, timeSteps } = scope;
    const bins = { timeSteps, duration: this.stepDuration };
    const feed = await scope.feed("lists of events", (scope) =>
      new SparseLists(scope, {
        size: sizeOf(input.shape),
        listsOf: (source) => eventLists(source, bins),
        spikes: true,
      }));
    const signal: EventSignal = { ...eventSignal(scope, input, feed), few: true };
    const { capacity, spikes } = signal;
    await scope.run("forward", {
      name: "encoder/events",
      texts: [encoder.events],
      values: { blocks: eventTime(timeSteps).blocks, capacity, lanes: gpu.preset.encoderLanes },
      resources: { listed: feed.spikes!, spikes },
      workgroups: [batchSize],
    });
    return signal;
  }

  /** What makes the encoder again. */
  toJSON(): { name: "events"; stepDuration: number } {
    return { name: this.name, stepDuration: this.stepDuration };
  }
}
