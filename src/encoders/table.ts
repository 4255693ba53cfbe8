/**
 * Encoders without chance: spikes that a table holds.
 *
 * @module
 */

import { encoder } from "../../kernels/mod.ts";
import type { Compilation } from "../signal/compilation.ts";
import { createEventSignal } from "../signal/events.ts";
import type { EventSignal } from "../signal/signal.ts";
import { eventTime } from "../signal/time.ts";

/** Values that a pixel can have. */
export const PIXEL_VALUES = 256;

/** The spikes of an encoder without chance. */
export interface SpikeTable {
  /** What a row stands for: the pixels of a value (256 rows) or of a feature. */
  readonly by: "value" | "feature";
  /**
   * Whether a row's pixels spike.
   *
   * @param row The value or the feature.
   * @param t The time step.
   * @returns True if they do.
   */
  spikes(row: number, t: number): boolean;
}

/**
 * Adds the copying of the table's spikes to a plan.
 *
 * @param compilation The plan in the making.
 * @param table The spikes.
 * @returns Spike events `[T, batch, features]`.
 */
export async function compileTable(
  compilation: Compilation,
  table: SpikeTable,
): Promise<EventSignal> {
  const { gpu, batchSize, timeSteps, features, samples, pixels } = compilation;
  const byFeature = table.by === "feature";
  const rows = byFeature ? features : PIXEL_VALUES;
  const { blocks, wordSteps } = eventTime(timeSteps);
  const words = new Uint32Array(rows * blocks * 4);
  for (let row = 0; row < rows; row++) {
    for (let t = 0; t < timeSteps; t++) {
      if (!table.spikes(row, t)) continue;
      words[row * blocks * 4 + Math.floor(t / wordSteps)]! |= 1 << t % wordSteps;
    }
  }
  const texture = compilation.texture(rows * blocks, "spike table");
  gpu.writeTexture(texture, words);
  const signal = createEventSignal(compilation);
  const { spikes, capacity } = signal;
  const kernel = await gpu.compile({
    name: "encoder/table",
    texts: [encoder.table],
    values: { blocks, capacity, byFeature, lanes: gpu.preset.encoderLanes },
  });
  compilation.add(
    "forward",
    await kernel.bind({ samples, pixels, table: texture, spikes }, [batchSize]),
  );
  return signal;
}
