/**
 * A schedule of the learning rate. Functions such as {@linkcode stepLr} make one; your own is an
 * object of this shape.
 *
 * @example
 * ```ts
 * import type { Scheduler } from "@galvani/snn";
 *
 * const inverse: Scheduler = { name: "inverse", rate: (epoch, base) => base / (1 + epoch) };
 * ```
 */
export interface Scheduler {
  /** Its name in logs. */
  readonly name: string;
  /**
   * The learning rate of an epoch.
   *
   * @param epoch The epoch, from 0.
   * @param base The optimizer's own learning rate.
   * @returns The rate to use.
   */
  rate(epoch: number, base: number): number;
}
