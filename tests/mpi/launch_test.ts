import { assertEquals } from "@std/assert";
import { findLaunch } from "../../src/mpi/launch.ts";

const launchOf = (variables: Record<string, string>) => findLaunch((name) => variables[name]);

Deno.test("launchers are known by their variables, those that say most first", () => {
  const slurm = { SLURM_PROCID: "1", SLURM_STEP_NUM_TASKS: "3", SLURM_NTASKS: "3" };
  assertEquals(launchOf({ OMPI_COMM_WORLD_RANK: "2", OMPI_COMM_WORLD_SIZE: "4", ...slurm }), {
    launcher: "Open MPI's mpirun",
    family: "Open MPI",
    rank: 2,
    size: 4,
  });
  // srun sets PMI's, too, whichever library it is for.
  assertEquals(launchOf({ ...slurm, PMI_RANK: "1", PMI_SIZE: "3", PMIX_RANK: "1" }), {
    launcher: "srun",
    rank: 1,
    size: 3,
  });
  assertEquals(launchOf({ PMI_RANK: "0", PMI_SIZE: "2" }), {
    launcher: "MPICH's mpiexec",
    family: "MPICH",
    rank: 0,
    size: 2,
  });
  assertEquals(launchOf({ PMIX_RANK: "5" }), { launcher: "a PMIx launcher", rank: 5 });
});

Deno.test("what no launcher has set is none", () => {
  assertEquals(launchOf({}), undefined);
  // A batch script without srun.
  assertEquals(launchOf({ SLURM_PROCID: "0", SLURM_NTASKS: "2" }), undefined);
  assertEquals(launchOf({ PMI_RANK: "", PMI_SIZE: "2" }), undefined);
  assertEquals(launchOf({ OMPI_COMM_WORLD_RANK: "x", OMPI_COMM_WORLD_SIZE: "2" }), undefined);
});
