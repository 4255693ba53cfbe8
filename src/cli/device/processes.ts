/**
 * What several processes on one machine or many have to agree on.
 *
 * @module
 */

import type { Collective } from "../../core/collective.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { findLaunch } from "../../mpi/launch.ts";
import type { DeviceOptions } from "../options/common_options.ts";
import { UsageError } from "../usage_error.ts";

/** Variables that say which GPU a process gets: those of Mesa and of Slurm. */
const GPU_CHOICES = ["DRI_PRIME", "SLURM_GPUS_PER_TASK"];

/**
 * Checks that this process isn't one of several that don't know of each other: they would all do the same.
 *
 * @throws {UsageError} If it is.
 */
export function checkStartedAlone(): void {
  // Who trains alone need not permit these.
  const isPermitted = (variable: string) =>
    Deno.permissions.querySync({ name: "env", variable }).state === "granted";
  const launch = findLaunch((name) => isPermitted(name) ? Deno.env.get(name) : undefined);
  if (launch?.size === undefined || launch.size === 1) return;
  throw new UsageError(
    `${launch.launcher} started ${launch.size} processes: --distributed trains over them`,
  );
}

/**
 * Checks that processes of a machine don't share a GPU that nobody has chosen for them.
 *
 * @param gpu What this process runs on.
 * @param options Which adapter was asked for.
 * @param localSize How many processes are on this machine.
 * @param env Reads a variable of the environment.
 * @throws {Error} If they would.
 */
export function checkOwnGpu(
  { name, isSoftware }: Pick<Gpu, "name" | "isSoftware">,
  { gpu }: Pick<DeviceOptions, "gpu">,
  localSize: number,
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
): void {
  const isChosen = gpu !== undefined || GPU_CHOICES.some((choice) => env(choice) !== undefined);
  if (isSoftware || isChosen || localSize === 1) return;
  throw new Error(
    `Cannot train as ${localSize} processes of this machine would share ${name}: start one on each ` +
      `machine, give each its own (srun --gpus-per-task=1, or DRI_PRIME), or let them share it (--gpu NAME)`,
  );
}

/**
 * Does what only the first process should do when it isn't done yet: the others find it done.
 *
 * @param processes The processes, if there are several.
 * @param work What is done.
 * @returns What the work gives.
 */
export async function firstOnce<T>(
  processes: Collective | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!processes) return await work();
  const arrive = () => processes.allReduceSum(new Float32Array(1));
  if (processes.rank > 0) await arrive();
  const result = await work();
  if (processes.rank === 0) await arrive();
  return result;
}
