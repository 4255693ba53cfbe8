import type { EncoderInput } from "../core/encoder.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { EventSignal } from "../core/signal.ts";
import { eventSignal } from "../feeds/listed.ts";
import { activeLists, wholeLists } from "../feeds/lists.ts";
import { SparseLists } from "../feeds/sparse_lists.ts";

/**
 * The lists of a batch's active places, and room for their spikes, which an encoder fills.
 *
 * @param scope The encoder's view of the program.
 * @param input What the samples are.
 * @param lists Which places are listed: those that aren't 0, or all.
 * @returns The signal, without spikes so far.
 */
export async function listPlaces(
  scope: Scope,
  { shape }: EncoderInput,
  lists: "active" | "all",
): Promise<EventSignal> {
  const size = sizeOf(shape);
  const listsOf = lists === "active" ? activeLists : wholeLists;
  const feed = await scope.feed(
    `lists of ${lists} places`,
    (scope) => new SparseLists(scope, { size, listsOf }),
  );
  return eventSignal(scope, { shape }, feed);
}
