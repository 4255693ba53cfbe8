import type { LayerWork, Scope } from "../core/scope.ts";
import { isWhole, type Signal } from "../core/signal.ts";
import { sumAllSpikes, sumHeardSpikes, sumSpikes } from "../core/spike_sums.ts";
import type { ProgramBuilder } from "./builder.ts";

/** What a layer has to do, and how often what it reads has spiked. */
export interface CountedWork extends LayerWork {
  /** Where it reads spikes: those of the steps that were observed. */
  readonly inputSums?: InputSums;
}

/** Spikes of a signal over all samples of the steps that were observed. */
export interface InputSums {
  /** u32 `[...shape]` of each place; or numbers that add up to those of all places. */
  readonly buffer: GPUBuffer;
  /** Whether they are those of each place. */
  readonly places: boolean;
}

/**
 * Adds up, in steps that are observed, the spikes that layers with weights read.
 *
 * @param builder The program in the making, all its layers compiled.
 * @returns What its layers have to do.
 */
export async function countInputs(builder: ProgramBuilder): Promise<CountedWork[]> {
  const scope = builder.scope("counts");
  const counted: CountedWork[] = [];
  for (const work of builder.works) {
    const { reads, fanOut, delayed } = work;
    counted.push(
      reads && isWhole(reads)
        ? { ...work, inputSums: await sumsFor(scope, reads, fanOut!(), delayed) }
        : work,
    );
  }
  return counted;
}

async function sumsFor(
  scope: Scope,
  read: Signal,
  fanOut: Uint32Array,
  delayed = false,
): Promise<InputSums> {
  const signal = read.kind === "recordings" ? await read.listed() : read;
  if (delayed && signal.kind === "spikes") {
    return { buffer: await sumHeardSpikes(scope, signal), places: true };
  }
  if (signal.kind === "events" && fanOut.every((synapses) => synapses === fanOut[0])) {
    return { buffer: signal.sums ?? await sumAllSpikes(scope, signal), places: false };
  }
  return { buffer: await sumSpikes(scope, signal), places: true };
}
