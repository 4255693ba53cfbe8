/**
 * Encoders without chance: spikes that a table holds.
 *
 * @module
 */

import * as encoder from "../../kernels/encoder/mod.ts";
import type { EncoderInput } from "../core/encoder.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { EventSignal } from "../core/signal.ts";
import { eventTime } from "../core/time.ts";
import { listPlaces } from "./sparse.ts";

/** Values that a pixel can have. */
export const PIXEL_VALUES = 256;

/** The spikes of an encoder without chance. */
export interface SpikeTable {
  /** What a row stands for: the pixels of a value (256 rows) or of a place. */
  readonly by: "value" | "place";
  /**
   * Whether a row's pixels spike.
   *
   * @param row The value or the place.
   * @param t The time step.
   * @returns True if they do.
   */
  spikes(row: number, t: number): boolean;
}

/**
 * Adds the copying of the table's spikes to a program.
 *
 * @param scope The encoder's view of the program.
 * @param input What the samples are.
 * @param table The spikes.
 * @returns Spike events `[T, batch, ...shape]`.
 */
export async function compileTable(
  scope: Scope,
  input: EncoderInput,
  table: SpikeTable,
): Promise<EventSignal> {
  const { gpu, batchSize, timeSteps } = scope;
  const byPlace = table.by === "place";
  const rows = byPlace ? sizeOf(input.shape) : PIXEL_VALUES;
  const { blocks, wordSteps } = eventTime(timeSteps);
  const words = new Uint32Array(rows * blocks * 4);
  for (let row = 0; row < rows; row++) {
    for (let t = 0; t < timeSteps; t++) {
      if (!table.spikes(row, t)) continue;
      words[row * blocks * 4 + Math.floor(t / wordSteps)]! |= 1 << t % wordSteps;
    }
  }
  const texture = scope.texture(rows * blocks, "spike table");
  gpu.writeTexture(texture, words);
  const signal = await listPlaces(scope, input, "all");
  const { capacity, entries, spikes } = signal;
  await scope.run("forward", {
    name: "encoder/table",
    texts: [encoder.table],
    values: { blocks, wordSteps, capacity, byPlace, lanes: gpu.preset.encoderLanes },
    resources: { entries, table: texture, spikes },
    workgroups: [batchSize],
  });
  return signal;
}
