/**
 * Training over several processes, on one machine or many, by the MPI library that is there: Open MPI,
 * MPICH and those of its family, or any that follows the MPI 5 standard. For Deno only.
 *
 * ```ts ignore
 * import { Mpi } from "@galvani/snn/mpi";
 *
 * // mpirun -n 4 deno run -A train.ts
 * await Mpi.run(async (mpi) => {
 *   const count = Float64Array.of(1);
 *   await mpi.allReduceSum(count);
 *   if (mpi.rank === 0) console.log(`${count[0]} processes`);
 * });
 * ```
 *
 * @module
 */
export type { Collective, Rank } from "../core/collective.ts";
export { findLaunch, type Launch } from "./launch.ts";
export { Mpi } from "./mpi.ts";
