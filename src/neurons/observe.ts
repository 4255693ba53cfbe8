import type { Scope } from "../core/scope.ts";
import type { SpikeSignal } from "../core/signal.ts";
import { sumSpikes } from "../core/spike_sums.ts";

/**
 * Adds up how often each neuron of a layer fires, in steps that are observed.
 *
 * @param scope The layer's view of the program.
 * @param kind The kind of neuron.
 * @param output What they fire.
 */
export async function observeSpikes(
  scope: Scope,
  kind: string,
  output: SpikeSignal,
): Promise<void> {
  scope.observe({ kind, shape: output.shape, spikeSums: await sumSpikes(scope, output) });
}
