/** How this process was started with others. */
export interface Launch {
  /** By what, for messages. */
  readonly launcher: string;
  /** Which family of MPI libraries the launcher belongs to, where it says so. */
  readonly family?: "Open MPI" | "MPICH";
  /** Which of the processes this is, from 0. */
  readonly rank: number;
  /** How many there are, where the launcher says so. */
  readonly size?: number;
}

/**
 * What launchers set, those that say most first: `srun` sets PMI's variables and PMIx', too. It isn't
 * SLURM_NTASKS, which a batch script without srun has as well.
 */
const LAUNCHERS: readonly (Pick<Launch, "launcher" | "family"> & {
  readonly rankIn: string;
  readonly sizeIn?: string;
})[] = [
  {
    launcher: "Open MPI's mpirun",
    family: "Open MPI",
    rankIn: "OMPI_COMM_WORLD_RANK",
    sizeIn: "OMPI_COMM_WORLD_SIZE",
  },
  { launcher: "srun", rankIn: "SLURM_PROCID", sizeIn: "SLURM_STEP_NUM_TASKS" },
  { launcher: "MPICH's mpiexec", family: "MPICH", rankIn: "PMI_RANK", sizeIn: "PMI_SIZE" },
  { launcher: "a PMIx launcher", rankIn: "PMIX_RANK" },
];

/**
 * Finds out what started this process with others.
 *
 * @param env Reads a variable of the environment.
 * @returns How; nothing if it was started by itself.
 */
export function findLaunch(env: (name: string) => string | undefined): Launch | undefined {
  const numberIn = (name: string | undefined) => {
    const text = name === undefined ? undefined : env(name);
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  for (const { rankIn, sizeIn, ...launch } of LAUNCHERS) {
    const rank = numberIn(rankIn);
    const size = numberIn(sizeIn);
    if (rank === undefined || (sizeIn !== undefined && size === undefined)) continue;
    return { ...launch, rank, ...size === undefined ? {} : { size } };
  }
  return undefined;
}
