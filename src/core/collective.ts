/** Which of several processes one is. */
export interface Rank {
  /** Its number, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
}

/**
 * Processes that train one network together, whatever connects them. All make the same calls in the same
 * order: a call returns when each has made it.
 */
export interface Collective extends Rank {
  /**
   * Adds numbers up over all processes, in place. All must get the same bits.
   *
   * @param values The numbers of this process: as many in all.
   */
  allReduceSum(values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>): Promise<void>;
}

/**
 * A process's share of a batch: samples are dealt out like cards.
 *
 * @param samples The samples of the batch, in an order that all processes have in common.
 * @param rank Which process.
 * @returns Its samples; sample i has the place `rank + i size` in the batch.
 */
export function dealt(samples: Uint32Array, { rank, size }: Rank): Uint32Array {
  return size === 1 ? samples : samples.filter((_, place) => place % size === rank);
}
