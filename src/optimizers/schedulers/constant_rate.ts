import type { Scheduler } from "./scheduler.ts";

/**
 * The optimizer's own learning rate in every epoch.
 *
 * @returns The schedule.
 *
 * @example
 * ```ts
 * import { schedulers } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(schedulers.constantRate().rate(7, 0.1), 0.1);
 * ```
 */
export function constantRate(): Scheduler {
  return { name: "constantRate", rate: (_, base) => base };
}
