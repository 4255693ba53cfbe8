import { checkAtLeast } from "../validate.ts";
import type { LayerCounts, NetworkCounts } from "./counts.ts";

/** What operations cost, in picojoules. */
export interface EnergyCosts {
  /** Where the numbers are from. */
  readonly name: string;
  /** An addition of a weight, for a spike. */
  readonly synapticOperation: number;
  /** A multiplication of a weight by a value, and the addition of the product. */
  readonly multiplyAccumulate: number;
  /** An update of a number that a neuron keeps. */
  readonly potentialUpdate: number;
  /** A byte that is read or written. */
  readonly byte: number;
}

/**
 * What papers on spiking networks take: an addition of 32-bit floats is 0.9 pJ, a multiplication 3.7 pJ, by
 * M. Horowitz, "Computing's energy problem (and what we can do about it)", ISSCC 2014, 45 nm. As there, updates
 * of potentials and memory cost nothing; a table of one's own can have them.
 */
export const HOROWITZ_2014: EnergyCosts = {
  name: "Horowitz 2014, 45 nm",
  synapticOperation: 0.9,
  multiplyAccumulate: 4.6,
  potentialUpdate: 0,
  byte: 0,
};

/** What a layer takes for a sample, in picojoules. */
export interface LayerEnergy {
  /** The layer's path in the network, such as "layer.2". */
  readonly layer: string;
  /** The kind of layer. */
  readonly kind: string;
  /** What the layer takes. */
  readonly energy: number;
  /** What it takes in the same network without spikes, where each weight is multiplied once. */
  readonly withoutSpikes: number;
}

/** What a network takes for a sample, in picojoules. */
export interface NetworkEnergy {
  /** What operations cost. */
  readonly costs: EnergyCosts;
  /** What the network takes. */
  readonly energy: number;
  /** What the same network takes without spikes, where each weight is multiplied once. */
  readonly withoutSpikes: number;
  /**
   * Spikes per time step that a synapse may get, the mean over those that get spikes, for the network to take as
   * little as without them; 0 if it takes more in any case. Nothing where no layer reads spikes.
   */
  readonly breakEvenRate?: number;
  /** The layers. */
  readonly layers: readonly LayerEnergy[];
}

/** Bytes of a synaptic operation and of a multiplication, as {@linkcode NetworkCounts} models them. */
const [OPERATION_BYTES, PRODUCT_BYTES] = [12, 8];

/**
 * What a network takes for a sample, from what it had to do, beside the same network without spikes.
 *
 * @param counts What `model.evaluate(data, { count: true })` counted.
 * @param costs What operations cost.
 * @returns Picojoules, the mean over the samples.
 * @throws {RangeError} If a cost is negative or no number.
 *
 * @example
 * ```ts
 * import { DirectEncoder, energyOf, Gpu, IfNode, Linear, Model, Sequential } from "@galvani/snn";
 * import { imageDataset } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * using gpu = await Gpu.request();
 * using model = await Model.compile(gpu, new Sequential([new Linear(4, 2), new IfNode()]), {
 *   input: [4], encoder: new DirectEncoder(), timeSteps: 8,
 * });
 * const data = imageDataset(new Uint8Array(8), { shape: [4], labels: [0, 1] });
 * const { counts } = await model.evaluate(data, { count: true });
 * const { energy, withoutSpikes } = energyOf(counts!);
 * // A picture isn't spikes, so each weight is multiplied: 8 of 4.6 pJ.
 * assertEquals([energy, withoutSpikes], [36.8, 36.8]);
 * ```
 */
export function energyOf(
  counts: NetworkCounts,
  costs: EnergyCosts = HOROWITZ_2014,
): NetworkEnergy {
  for (const [name, cost] of Object.entries(costs)) {
    if (name !== "name") checkAtLeast("Cannot compute energy", name, cost, 0);
  }
  const { samples, timeSteps, total } = counts;
  const product = costs.multiplyAccumulate + PRODUCT_BYTES * costs.byte;
  const layers = counts.layers.map((layer): LayerEnergy => ({
    layer: layer.layer,
    kind: layer.kind,
    energy: energyFor(layer, costs) / samples,
    withoutSpikes: layer.synapses * product,
  }));
  const energy = energyFor(total, costs) / samples;
  const withoutSpikes = total.synapses * product;
  const operation = costs.synapticOperation + OPERATION_BYTES * costs.byte;
  const spiking = counts.layers.reduce(
    (sum, { reads, synapses }) => sum + (reads === "spikes" ? synapses : 0),
    0,
  );
  const others = energy - total.synapticOperations / samples * operation;
  const breakEvenRate = Math.max(0, withoutSpikes - others) / (spiking * timeSteps * operation);
  return {
    costs,
    energy,
    withoutSpikes,
    ...spiking * operation > 0 ? { breakEvenRate } : {},
    layers,
  };
}

function energyFor(
  counts: Omit<LayerCounts, "layer" | "kind" | "reads">,
  costs: EnergyCosts,
): number {
  return counts.synapticOperations * costs.synapticOperation +
    counts.multiplyAccumulates * costs.multiplyAccumulate +
    counts.potentialUpdates * costs.potentialUpdate +
    counts.bytes * costs.byte;
}
