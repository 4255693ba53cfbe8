import type { Compilation } from "./compilation.ts";
import type { EventSignal } from "./signal.ts";
import { eventTime } from "./time.ts";

/**
 * Makes the texture of a signal of spike events.
 *
 * @param compilation The plan that will own it.
 * @returns The signal, without spikes so far.
 */
export function createEventSignal(compilation: Compilation): EventSignal {
  const { batchSize, timeSteps, features } = compilation;
  const capacity = Math.ceil(features / 4) * 4;
  const { blocks } = eventTime(timeSteps);
  const spikes = compilation.texture(batchSize * capacity * blocks, "event spikes");
  return { kind: "events", features, capacity, spikes };
}
