/**
 * What a network has to do for samples: operations of synapses and of neurons, and bytes that they move.
 *
 * @module
 */

import { sizeOf } from "../core/shape.ts";
import type { CountedWork } from "../program/count_inputs.ts";
import type { Program } from "../program/program.ts";

/** What a layer had to do, for all samples together. */
export interface LayerCounts {
  /** The layer's path in the network, such as "layer.2". */
  readonly layer: string;
  /** The kind of layer. */
  readonly kind: string;
  /** What a layer with weights reads: spikes, or values to multiply by; nothing of neurons. */
  readonly reads?: "spikes" | "values";
  /** Weights that a sample's numbers meet at a time step if none of them is 0. */
  readonly synapses: number;
  /** Spikes per time step that a synapse gets, the mean over synapses; 0 where there are none, or no spikes. */
  readonly inputRate: number;
  /** Additions of a weight: each spike times the synapses it reaches. */
  readonly synapticOperations: number;
  /** Multiplications of a weight by a value, and the addition of the product. */
  readonly multiplyAccumulates: number;
  /** Updates of numbers that neurons keep from step to step. */
  readonly potentialUpdates: number;
  /** Spikes that neurons fired. */
  readonly spikes: number;
  /** Bytes read and written if nothing is kept in between: see {@linkcode NetworkCounts}. */
  readonly bytes: number;
}

/**
 * What a network had to do, for all samples together; divide by `samples` for one.
 *
 * Bytes are modelled, for a machine without caches that keeps numbers of 4 bytes: a synaptic operation reads a
 * weight, and reads and writes a sum; a multiplication reads a weight and a value; a potential is read and
 * written, with the current that it takes in; a spike is written and read as an address.
 */
export interface NetworkCounts {
  /** Samples that were evaluated. */
  readonly samples: number;
  /** T, the number of time steps of each; of samples of different lengths their mean. */
  readonly timeSteps: number;
  /** What each layer had to do, in the network's order; those with nothing to count are left out. */
  readonly layers: readonly LayerCounts[];
  /** All layers together. */
  readonly total: Omit<LayerCounts, "layer" | "kind" | "reads">;
}

/** What was evaluated. */
interface Evaluated {
  /** How many samples. */
  readonly samples: number;
  /** Time steps of all of them together. */
  readonly steps: number;
}

/** Bytes of one number, and of a spike's address. */
const NUMBER = 4;

/**
 * What a pass that counted says.
 *
 * @param program What ran.
 * @param sums What its sums came to.
 * @param evaluated How many samples were evaluated, and how many time steps they have together.
 * @returns The counts.
 */
export function countsOf(
  program: Program,
  sums: ReadonlyMap<GPUBuffer, Uint32Array>,
  evaluated: Evaluated,
): NetworkCounts {
  const { samples, steps } = evaluated;
  const { neurons } = program;
  const layers = program.compiled.works.map((work): LayerCounts => {
    const own = neurons.find(({ path }) => path === work.path);
    const spikes = own ? sumOf(sums.get(own.spikeSums)!.subarray(0, sizeOf(own.shape))) : 0;
    return work.fanOut ? synapticCounts(work, sums, evaluated) : neuronCounts(work, spikes, steps);
  });
  return { samples, timeSteps: steps / samples, layers, total: totalOf(layers, steps) };
}

function synapticCounts(
  { path, kind, reads, fanOut, inputSums }: CountedWork,
  sums: ReadonlyMap<GPUBuffer, Uint32Array>,
  { samples, steps }: Evaluated,
): LayerCounts {
  const reached = fanOut!();
  const synapses = sumOf(reached);
  const spikes = inputSums && sums.get(inputSums.buffer)!;
  // Where spikes are of no place, each place reaches as many numbers.
  const synapticOperations = !spikes
    ? 0
    : inputSums.places
    ? reached.reduce((sum, synapses, place) => sum + synapses * spikes[place]!, 0)
    : reached[0]! * sumOf(spikes);
  // What is the same at each time step is multiplied once.
  const times = reads!.over === "constant" ? samples : steps;
  const multiplyAccumulates = spikes ? 0 : synapses * times;
  return {
    layer: path,
    kind,
    reads: spikes ? "spikes" : "values",
    synapses,
    inputRate: synapticOperations / (synapses * steps),
    synapticOperations,
    multiplyAccumulates,
    potentialUpdates: 0,
    spikes: 0,
    bytes: (3 * synapticOperations + 2 * multiplyAccumulates) * NUMBER,
  };
}

function neuronCounts(
  { path, kind, updates }: CountedWork,
  spikes: number,
  steps: number,
): LayerCounts {
  const potentialUpdates = updates! * steps;
  return {
    layer: path,
    kind,
    synapses: 0,
    inputRate: 0,
    synapticOperations: 0,
    multiplyAccumulates: 0,
    potentialUpdates,
    spikes,
    bytes: (3 * potentialUpdates + 2 * spikes) * NUMBER,
  };
}

function totalOf(layers: readonly LayerCounts[], steps: number): NetworkCounts["total"] {
  const sum = (of: (layer: LayerCounts) => number) =>
    layers.reduce((sum, layer) => sum + of(layer), 0);
  const synapticOperations = sum((layer) => layer.synapticOperations);
  const spiking = sum(({ reads, synapses }) => reads === "spikes" ? synapses : 0);
  return {
    synapses: sum(({ synapses }) => synapses),
    inputRate: spiking === 0 ? 0 : synapticOperations / (spiking * steps),
    synapticOperations,
    multiplyAccumulates: sum((layer) => layer.multiplyAccumulates),
    potentialUpdates: sum((layer) => layer.potentialUpdates),
    spikes: sum(({ spikes }) => spikes),
    bytes: sum(({ bytes }) => bytes),
  };
}

function sumOf(numbers: Uint32Array): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
