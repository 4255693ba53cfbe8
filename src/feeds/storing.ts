import * as kernels from "../../kernels/input/mod.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import {
  type ByteSignal,
  type EventSignal,
  reshaped,
  type SpikeSignal,
  type StoredSignal,
} from "../core/signal.ts";
import { eventTime, timeWords } from "../core/time.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import { Rows } from "./rows.ts";

/** Lanes of a workgroup in `kernels/input/clear.wgsl`. */
const LANES = 64;

/** The events that were stored already, by their spikes: all who ask share one. */
const known = new WeakMap<GPUTexture, Promise<SpikeSignal>>();

/**
 * Has the host keep bytes on the device as numbers.
 *
 * @param scope Whose program stores them.
 * @param signal The bytes.
 * @returns Constant numbers, byte / 255.
 */
export async function storeBytes(scope: Scope, { shape }: ByteSignal): Promise<StoredSignal> {
  const rows = await scope.feed(
    "rows of bytes",
    (scope) => Rows.create(scope, { shape, content: "bytes", overTime: false }),
  );
  return reshaped(rows.signal, shape);
}

/**
 * Writes events as spikes of every place.
 *
 * @param scope Whose program stores them.
 * @param events The events.
 * @returns Their spikes: all who ask for the same events share them.
 */
export async function storeEvents(scope: Scope, events: EventSignal): Promise<SpikeSignal> {
  let promise = known.get(events.spikes);
  if (!promise) known.set(events.spikes, promise = spread(scope, events));
  return await promise;
}

async function spread(scope: Scope, signal: EventSignal): Promise<SpikeSignal> {
  const { batchSize, timeSteps, gpu } = scope;
  const { shape, capacity, entries, spikes } = signal;
  const size = sizeOf(shape);
  const numbers = batchSize * size;
  const words = timeWords(timeSteps);
  const output: SpikeSignal = {
    kind: "spikes",
    shape,
    over: "time",
    spikes: scope.buffer(words * numbers * 4, "input spikes"),
    counts: scope.buffer(numbers * 4, "input spike counts"),
  };
  for (const cleared of [output.spikes, output.counts]) {
    await scope.run("forward", {
      name: "input/clear",
      texts: [kernels.clear],
      values: { words: cleared.size / 4 },
      resources: { cleared },
      workgroups: workgroupsFor(cleared.size / 4, LANES),
    });
  }
  await scope.run("forward", {
    name: "input/spread",
    texts: [kernels.spread],
    values: {
      ...eventTime(timeSteps),
      size,
      capacity,
      numbers,
      timeWords: words,
      lanes: gpu.preset.encoderLanes,
    },
    resources: { entries, spikes, bits: output.spikes, counts: output.counts },
    workgroups: [batchSize],
  });
  return output;
}
