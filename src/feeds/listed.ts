import * as encoder from "../../kernels/encoder/mod.ts";
import type { EncoderInput } from "../core/encoder.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { EventSignal } from "../core/signal.ts";
import { eventTime } from "../core/time.ts";
import { byEvents, eventLists } from "./lists.ts";
import { SparseLists } from "./sparse_lists.ts";

/**
 * Room for the spikes of a feed's lists.
 *
 * @param scope Whose program has it.
 * @param input What the samples are.
 * @param feed The lists.
 * @returns The signal.
 */
export function eventSignal(
  scope: Scope,
  { shape }: Pick<EncoderInput, "shape">,
  { entries }: Pick<SparseLists, "entries">,
): EventSignal {
  const { batchSize, timeSteps } = scope;
  const capacity = Math.ceil(sizeOf(shape) / 4) * 4;
  const { blocks } = eventTime(timeSteps);
  const spikes = scope.texture(batchSize * capacity * blocks, "event spikes");
  return { kind: "events", shape, over: "time", capacity, entries, spikes };
}

/**
 * Recordings as lists of the places that have events, each with its spikes.
 *
 * @param scope Whose program copies the spikes.
 * @param input What the samples are.
 * @param duration How long a time step is, in the unit of the events' times.
 * @returns The spikes.
 */
export async function listRecordings(
  scope: Scope,
  input: Pick<EncoderInput, "shape">,
  duration: number,
): Promise<EventSignal> {
  const { gpu, batchSize, timeSteps } = scope;
  const bins = { timeSteps, duration };
  const feed = await scope.feed("lists of events", (scope) =>
    new SparseLists(scope, {
      size: sizeOf(input.shape),
      listsOf: (source) => eventLists(source, bins),
      spikes: true,
      order: byEvents,
    }));
  const events = eventSignal(scope, input, feed);
  const { capacity, spikes } = events;
  await scope.run("forward", {
    name: "encoder/events",
    texts: [encoder.events],
    values: { blocks: eventTime(timeSteps).blocks, capacity, lanes: gpu.preset.encoderLanes },
    resources: { listed: feed.spikes!, spikes },
    workgroups: [batchSize],
  });
  return events;
}
