/** Several processes, connected by the MPI library that is here. */

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { Gpu } from "../../mod.ts";
import { wordOf } from "../../src/training/snapshot.ts";
import { network, OPTIONS, TEST, TRAIN } from "../support/mnist_training.ts";
import { MPIRUN, runMpi } from "../support/mpirun.ts";
import { atOnce, startTogether } from "../support/together.ts";
import { last } from "../support/training.ts";

const WORKER = "tests/processes/mpi_worker.ts";
const ignore = MPIRUN === undefined;

Deno.test({
  name: "2 processes learn what 2 trainers of one process do, bit for bit",
  ignore,
  async fn() {
    const { code, stdout, stderr } = await runMpi(2, WORKER, "train");
    assertEquals(code, 0, stderr);
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line))
      .sort((a, b) => a.rank - b.rank);
    using gpu = await Gpu.request();
    using together = await startTogether(gpu, network, OPTIONS, 2);
    const want = await atOnce(together.trainings, async ({ trainer }, rank) => {
      const { trainLoss, testLoss } = await last(trainer.fit(TRAIN, { epochs: 1, test: TEST }));
      const word = wordOf(await trainer.state());
      return { rank, size: 2, localSize: 2, trainLoss, testLoss, word };
    });
    assertEquals(lines, want);
  },
});

Deno.test({
  name: "3 processes add up floats and doubles",
  ignore,
  async fn() {
    const { code, stdout, stderr } = await runMpi(3, WORKER, "sum");
    assertEquals(code, 0, stderr);
    const sums = [4.5, 4.5, 3 * 2 ** 40 + 3];
    assertEquals(stdout.trim().split("\n").map((line) => JSON.parse(line)), [sums, sums, sums]);
  },
});

Deno.test({
  name: "a process that fails says so, and ends the others, who wait for it",
  ignore,
  async fn() {
    const { code, stderr } = await runMpi(3, WORKER, "fail");
    assertNotEquals(code, 0);
    assertStringIncludes(stderr, "error: this one fails (process 2 of 3)\n");
  },
});

Deno.test({
  name: "where all fail alike, the first says it",
  ignore,
  async fn() {
    const { code, stderr } = await runMpi(2, WORKER, "failAlike");
    assertNotEquals(code, 0);
    assertEquals(stderr.match(/all fail alike.*/g), ["all fail alike (process 0 of 2)"]);
  },
});

Deno.test({
  name: "a process that is killed ends the others",
  ignore,
  async fn() {
    assertNotEquals((await runMpi(2, WORKER, "die")).code, 0);
  },
});

/** Runs the worker alone. */
async function runAlone(env: Record<string, string>): Promise<string> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "-A",
      fileURLToPath(new URL("mpi_worker.ts", import.meta.url)),
      "sum",
    ],
    env: { NO_COLOR: "1", ...env },
    stdout: "null",
    stderr: "piped",
  }).output();
  assert(!success);
  return new TextDecoder().decode(stderr);
}

Deno.test("a process that was started alone says how to start several", async () => {
  assertStringIncludes(
    await runAlone({}),
    "as this one was started alone: start it by mpirun, mpiexec or srun",
  );
});

Deno.test("where there is no MPI library, the message says what was tried, and what to install", async () => {
  const launched = { PMI_RANK: "0", PMI_SIZE: "2" };
  const message = await runAlone({ ...launched, GALVANI_MPI: "/nowhere/libmpi.so" });
  assertStringIncludes(message, "Cannot load MPI: install Open MPI or MPICH");
  assertStringIncludes(message, "Tried:\n  /nowhere/libmpi.so: ");
});

Deno.test({
  name: "a library that isn't the launcher's is refused: it sees one process",
  // Here Open MPI is it: another is only known by what GALVANI_MPI says.
  ignore: ignore || Deno.env.has("GALVANI_MPIRUN"),
  async fn() {
    assertStringIncludes(
      await runAlone({ PMI_RANK: "0", PMI_SIZE: "2", GALVANI_MPI: "libmpi.so.40" }),
      "Cannot train over 2 processes as MPICH's mpiexec started them and libmpi.so.40 (Open MPI",
    );
  },
});
