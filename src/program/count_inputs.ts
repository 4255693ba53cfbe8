import type { LayerWork } from "../core/scope.ts";
import { isWhole } from "../core/signal.ts";
import { sumSpikes } from "../core/spike_sums.ts";
import type { ProgramBuilder } from "./builder.ts";

/** What a layer has to do, and how often what it reads has spiked. */
export interface CountedWork extends LayerWork {
  /** u32 `[...shape]`, where it reads spikes: those over all samples of the steps that were observed. */
  readonly inputSums?: GPUBuffer;
}

/**
 * Adds up, in steps that are observed, the spikes that layers with weights read.
 *
 * @param builder The program in the making, all its layers compiled.
 * @returns What its layers have to do.
 */
export async function countInputs(builder: ProgramBuilder): Promise<CountedWork[]> {
  const counted: CountedWork[] = [];
  for (const work of builder.works) {
    const { reads } = work;
    const sums = reads && reads.kind !== "bytes" && isWhole(reads)
      ? { inputSums: await sumSpikes(builder.scope("counts"), reads) }
      : {};
    counted.push({ ...work, ...sums });
  }
  return counted;
}
