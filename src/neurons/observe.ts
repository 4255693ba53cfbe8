import * as neuron from "../../kernels/neuron/mod.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { SpikeSignal } from "../core/signal.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";

/** Lanes of a workgroup in `kernels/neuron/spike_sums.wgsl`. */
const LANES = 64;
/** Samples that a lane adds up there. */
const LANE_SAMPLES = 16;

/**
 * Adds up how often each neuron of a layer fires, in steps that are observed.
 *
 * @param scope The layer's view of the program.
 * @param kind The kind of neurons.
 * @param output What they fire.
 */
export async function observeSpikes(
  scope: Scope,
  kind: string,
  output: SpikeSignal,
): Promise<void> {
  const { batchSize } = scope;
  const features = sizeOf(output.shape);
  const spikeSums = scope.buffer(features * 4, "spike sums");
  await scope.run("observe", {
    name: "neuron/spike_sums",
    texts: [neuron.spikeSums],
    values: { batch: batchSize, features, laneSamples: LANE_SAMPLES },
    resources: { counts: output.counts, spike_sums: spikeSums },
    workgroups: workgroupsFor(Math.ceil(batchSize / LANE_SAMPLES) * features, LANES),
  });
  scope.observe({ kind, shape: output.shape, spikeSums });
}
