/** Several processes, connected by the MPI libraries that are here. */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import { MPIS, OPEN_MPI, runMpi } from "../support/mpirun.ts";

const WORKER = "tests/processes/mpi_worker.ts";

/** The lines that processes wrote, in the order of their ranks. */
const byRank = (stdout: string) =>
  stdout.trim().split("\n").map((line) => JSON.parse(line)).sort((a, b) => a.rank - b.rank);

for (const mpi of MPIS) {
  const { ignore } = mpi;

  for (
    const [size, adapter] of [[2, ""], [3, ""], [2, "swiftshader"], [3, "swiftshader"]] as const
  ) {
    Deno.test({
      name: `${mpi.name}: ${size} processes learn what as many trainers of one do${
        adapter && `, on ${adapter}`
      }`,
      ignore: ignore || (adapter !== "" && Deno.build.target !== "x86_64-unknown-linux-gnu"),
      async fn() {
        const { code, stdout, stderr } = await runMpi(mpi, size, WORKER, "train", adapter);
        assertEquals(code, 0, stderr);
        const alone = await worker("train", adapter, "here", `${size}`);
        assert(alone.success, alone.stderr);
        const [learned, want] = [byRank(stdout), byRank(alone.stdout)];
        // Sums of two have one order; those of more have the library's, and are the same for all.
        if (size === 2) assertEquals(learned, want);
        for (const [rank, { word, trainLoss, testLoss, ...others }] of learned.entries()) {
          const { word: _, trainLoss: train, testLoss: test, ...same } = want[rank];
          assertEquals(word, learned[0].word);
          assertAlmostEquals(trainLoss, train, 1e-5);
          assertAlmostEquals(testLoss, test, 1e-5);
          assertEquals(others, same);
        }
        assert(
          want[0].trainLoss !== want[0].testLoss && want[0].testLoss < 0.1,
          "nothing was learned",
        );
      },
    });
  }

  Deno.test({
    name: `${mpi.name}: 3 processes add up floats and doubles`,
    ignore,
    async fn() {
      const { code, stdout, stderr } = await runMpi(mpi, 3, WORKER, "sum");
      assertEquals(code, 0, stderr);
      const sums = [4.5, 4.5, 3 * 2 ** 40 + 3];
      assertEquals(stdout.trim().split("\n").map((line) => JSON.parse(line)), [sums, sums, sums]);
    },
  });

  Deno.test({
    name: `${mpi.name}: a process that fails says so, and ends the others, who wait for it`,
    ignore,
    async fn() {
      const { code, stderr } = await runMpi(mpi, 3, WORKER, "fail");
      assertNotEquals(code, 0);
      assertStringIncludes(stderr, "error: this one fails (process 2 of 3)\n");
    },
  });

  Deno.test({
    name: `${mpi.name}: where all fail alike, the first says it`,
    ignore,
    async fn() {
      const { code, stderr } = await runMpi(mpi, 2, WORKER, "failAlike");
      assertNotEquals(code, 0);
      assertEquals(stderr.match(/all fail alike.*/g), ["all fail alike (process 0 of 2)"]);
    },
  });

  Deno.test({
    name: `${mpi.name}: a process that is killed ends the others`,
    ignore,
    async fn() {
      assertNotEquals((await runMpi(mpi, 2, WORKER, "die")).code, 0);
    },
  });
}

/** Runs the worker in one process, which nothing has started with others. */
const worker = (...args: string[]) => runWorker({}, args);

async function runWorker(env: Record<string, string>, args: readonly string[]) {
  const path = fileURLToPath(new URL("mpi_worker.ts", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", path, ...args],
    env: { NO_COLOR: "1", LP_NUM_THREADS: "1", ...env },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { success, stdout: out!, stderr: err! };
}

/** What a worker says that can't start. */
async function refusalOf(env: Record<string, string>): Promise<string> {
  const { success, stderr } = await runWorker(env, ["sum"]);
  assert(!success);
  return stderr;
}

Deno.test("a process that was started alone says how to start several", async () => {
  assertStringIncludes(
    await refusalOf({}),
    "as this one was started alone: start it by mpirun, mpiexec or srun",
  );
});

Deno.test("where there is no MPI library, the message says what was tried, and what to install", async () => {
  const launched = { PMI_RANK: "0", PMI_SIZE: "2" };
  const message = await refusalOf({ ...launched, GALVANI_MPI: "/nowhere/libmpi.so" });
  assertStringIncludes(message, "Cannot load MPI: install Open MPI or MPICH");
  assertStringIncludes(message, "Tried:\n  /nowhere/libmpi.so: ");
});

Deno.test({
  name: "a library that isn't the launcher's is refused: it sees one process",
  ignore: OPEN_MPI.ignore,
  async fn() {
    assertStringIncludes(
      await refusalOf({ PMI_RANK: "0", PMI_SIZE: "2", GALVANI_MPI: "libmpi.so.40" }),
      "Cannot train over 2 processes as MPICH's mpiexec started them and libmpi.so.40 (Open MPI",
    );
  },
});
