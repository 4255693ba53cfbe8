import type { Compilation } from "./compilation.ts";
import type { EventSignal } from "./signal.ts";
import { eventTime } from "./time.ts";

/**
 * Makes the buffers of a signal of spike events.
 *
 * @param compilation The plan that will own them.
 * @param features Features of a sample.
 * @returns The signal, without events so far.
 */
export function createEventSignal(
  compilation: Compilation,
  features: number,
): EventSignal {
  const { batchSize, timeSteps } = compilation;
  const capacity = Math.ceil(features / 4) * 4;
  const { blocks } = eventTime(timeSteps);
  return {
    kind: "events",
    features,
    capacity,
    events: compilation.buffer(batchSize * capacity * 4, "events"),
    spikes: compilation.buffer(
      batchSize * capacity * blocks * 16,
      "event spikes",
    ),
  };
}
