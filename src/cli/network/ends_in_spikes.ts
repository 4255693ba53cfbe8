import type { Layer } from "../../core/layer.ts";
import { Sequential } from "../../layers/sequential.ts";
import { Recurrent } from "../../recurrent/recurrent.ts";
import { NeuronLayer, ParallelNeurons } from "../../neurons/mod.ts";

/**
 * Whether a network's scores are firing rates.
 *
 * @param network The network.
 * @returns Whether; else they are numbers that its last layer gives.
 */
export function endsInSpikes(network: Layer): boolean {
  if (network instanceof Sequential) return endsInSpikes(network.layers.at(-1)!);
  if (network instanceof Recurrent || network instanceof ParallelNeurons) return true;
  return network instanceof NeuronLayer && network.describe().fires !== false;
}
