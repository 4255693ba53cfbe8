/**
 * Encoders: from images to signals over time.
 *
 * @module
 */

import { ColumnEncoder } from "./columns.ts";
import { DirectEncoder } from "./direct.ts";
import { EventEncoder, type EventEncoderOptions } from "./events.ts";
import { LatencyEncoder, type LatencyEncoderOptions } from "./latency.ts";
import { PoissonEncoder } from "./poisson.ts";
import { WeightedPhaseEncoder, type WeightedPhaseEncoderOptions } from "./weighted_phase.ts";

export { ColumnEncoder } from "./columns.ts";
export { DirectEncoder } from "./direct.ts";
export { EventEncoder, type EventEncoderOptions } from "./events.ts";
export {
  LatencyEncoder,
  type LatencyEncoderOptions,
  type LatencyKind,
  latencySpikeTime,
} from "./latency.ts";
export { PeriodicEncoder } from "./periodic.ts";
export { PoissonEncoder } from "./poisson.ts";
export {
  WeightedPhaseEncoder,
  type WeightedPhaseEncoderOptions,
  weightedPhaseSpikes,
} from "./weighted_phase.ts";

/** What makes each encoder that needs no more than options. */
export interface Encoders {
  /** Poisson coding. */
  readonly poisson: () => PoissonEncoder;
  /** Latency coding. */
  readonly latency: (options?: LatencyEncoderOptions) => LatencyEncoder;
  /** Weighted phase coding. */
  readonly weightedPhase: (options?: WeightedPhaseEncoderOptions) => WeightedPhaseEncoder;
  /** Direct coding. */
  readonly direct: () => DirectEncoder;
  /** A picture's columns, one after the other. */
  readonly columns: () => ColumnEncoder;
  /** The spikes of a data set of events. */
  readonly events: (options?: EventEncoderOptions) => EventEncoder;
}

/**
 * The encoders by name, for programs that let their users choose. (`PeriodicEncoder` isn't among them:
 * it needs a pattern.)
 *
 * @example
 * ```ts
 * import { encoders } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encoders["latency"]({ kind: "log" }).kind, "log");
 * ```
 */
export const encoders: Encoders = {
  poisson: () => new PoissonEncoder(),
  latency: (options) => new LatencyEncoder(options),
  weightedPhase: (options) => new WeightedPhaseEncoder(options),
  direct: () => new DirectEncoder(),
  columns: () => new ColumnEncoder(),
  events: (options) => new EventEncoder(options),
};
