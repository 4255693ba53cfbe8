import * as lib from "../../kernels/lib/mod.ts";
import * as sums from "../../kernels/sums/mod.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import { reader } from "./readers.ts";
import type { Scope } from "./scope.ts";
import { sizeOf } from "./shape.ts";
import type { EventSignal, NumberSignal, RecordingSignal, Signal, SpikeSignal } from "./signal.ts";
import { eventTime, timeQuads } from "./time.ts";

/** Lanes of a workgroup in `kernels/sums/*.wgsl`. */
const LANES = 64;
/** Samples that a lane adds up there. */
const LANE_SAMPLES = 16;

/** The sums that were made already, by the memory that they are of: all who ask share one. */
const known = new WeakMap<GPUBuffer | GPUTexture, Promise<GPUBuffer>>();

/**
 * Adds up how often each place of a signal spikes, in steps that are observed.
 *
 * @param scope Whose program does it.
 * @param signal Spikes, events, or numbers that are whole, each of which is as many spikes.
 * @returns u32 `[...shape]`: spikes over all time steps, and all samples of the steps that were observed.
 */
export function sumSpikes(
  scope: Scope,
  signal: Exclude<Signal, RecordingSignal>,
): Promise<GPUBuffer> {
  if (signal.kind === "bytes") throw new TypeError("Cannot add up the spikes of bytes");
  const memory = signal.kind === "numbers" ? signal.values : signal.spikes;
  let promise = known.get(memory);
  if (!promise) known.set(memory, promise = addSums(scope, signal));
  return promise;
}

/**
 * Adds up how often a signal of events spikes, in steps that are observed, whatever the place: that takes a
 * fraction of the time.
 *
 * @param scope Whose program does it.
 * @param signal The events.
 * @returns u32 `[numbers]`, which add up to the spikes over all time steps, and all samples of the steps that
 * were observed.
 */
export async function sumAllSpikes(scope: Scope, signal: EventSignal): Promise<GPUBuffer> {
  const spikeSums = scope.buffer(scope.batchSize * LANES * 4, "spike sums");
  await addEvents(scope, signal, spikeSums, false);
  return spikeSums;
}

/**
 * Adds up how often each place of a signal spikes before the last time step, in steps that are observed: what is
 * read one time step late.
 *
 * @param scope Whose program does it.
 * @param signal The spikes.
 * @returns u32 `[...shape]`.
 */
export async function sumHeardSpikes(scope: Scope, signal: SpikeSignal): Promise<GPUBuffer> {
  const spikeSums = scope.buffer(sizeOf(signal.shape) * 4, "spike sums");
  await addCounts(scope, signal, spikeSums, true);
  return spikeSums;
}

async function addSums(
  scope: Scope,
  signal: SpikeSignal | EventSignal | NumberSignal,
): Promise<GPUBuffer> {
  const features = sizeOf(signal.shape);
  const spikeSums = scope.buffer(features * 4, "spike sums");
  if (signal.kind === "spikes") await addCounts(scope, signal, spikeSums);
  else if (signal.kind === "events") await addEvents(scope, signal, spikeSums, true);
  else await addNumbers(scope, signal, spikeSums);
  return spikeSums;
}

async function addCounts(
  scope: Scope,
  { counts, spikes, shape }: SpikeSignal,
  spike_sums: GPUBuffer,
  heard = false,
): Promise<void> {
  const { batchSize, timeSteps } = scope;
  const neurons = sizeOf(shape);
  // Four are read at once where the driver loads lane by lane.
  const own = neurons % 4 === 0 ? 4 : 1;
  await scope.run("observe", {
    name: "sums/spikes",
    texts: [sums.spikes],
    values: {
      batch: batchSize,
      own,
      groupsOfOwn: neurons / own,
      laneSamples: LANE_SAMPLES,
      heard,
      lastWord: (timeSteps - 1) >> 5,
      lastBit: (timeSteps - 1) & 31,
    },
    resources: { counts, spike_sums, ...heard ? { spikes } : {} },
    workgroups: workgroupsFor(Math.ceil(batchSize / LANE_SAMPLES) * neurons / own, LANES),
  });
}

/** Adds events up, by their places or by lanes. */
async function addEvents(
  scope: Scope,
  { entries, spikes, capacity }: EventSignal,
  spike_sums: GPUBuffer,
  places: boolean,
): Promise<void> {
  const { batchSize, timeSteps } = scope;
  const { words, wordSteps, blocks } = eventTime(timeSteps);
  await scope.run("observe", {
    name: "sums/events",
    texts: [sums.events],
    values: { capacity, words, wordSteps, blocks, places, lanes: LANES },
    resources: { ...places ? { entries } : {}, spikes, spike_sums },
    workgroups: [batchSize],
  });
}

async function addNumbers(
  scope: Scope,
  signal: NumberSignal,
  spike_sums: GPUBuffer,
): Promise<void> {
  const { batchSize, timeSteps } = scope;
  const features = sizeOf(signal.shape);
  const x = reader("x", signal, scope);
  await scope.run("observe", {
    name: "sums/numbers",
    texts: [lib.batch, x.text, sums.numbers],
    values: {
      ...x.values,
      features,
      laneSamples: LANE_SAMPLES,
      steps: timeSteps,
      quads: timeQuads(timeSteps),
    },
    resources: { ...x.resources, spike_sums },
    workgroups: workgroupsFor(Math.ceil(batchSize / LANE_SAMPLES) * features, LANES),
  });
}
