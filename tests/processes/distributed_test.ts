/** `train --distributed`: the command line in several processes. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import { decodeCheckpoint } from "../../src/training/checkpoint.ts";
import { runCli } from "../support/run_cli.ts";
import { MPIS, OPEN_MPI, runMpi } from "../support/mpirun.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";

const { ignore } = OPEN_MPI;
/** Eight steps an epoch; the last test batch has a single picture. */
const DATA = { train: 64, test: 25, side: 12 };
const OPTIONS = ["-T", "6", "-b", "8"];
const INTERRUPTED = "tests/processes/interrupted_rank.ts";
const LATEST = "checkpoint_latest.safetensors";
const FOLDER = "T6_b8_adam_lr0.001";

/** What is printed of epochs, but for their speed. */
const epochsOf = (stdout: string) => stdout.match(/^Epoch \d.*?(?=; \d+ images)/gm);

Deno.test({
  name: "2 processes print what one does and write one run, which one or 3 go on with",
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    await writeTinyIdx(folder.path, DATA);
    const train = ["train", "--dataset-dir", folder.path, ...OPTIONS];
    const logs = (name: string) => ["--log-dir", join(folder.path, name)];
    const alone = await runCli([...train, "-N", "3", ...logs("alone")]);
    assertEquals(alone.code, 0, alone.stderr);
    const want = epochsOf(alone.stdout)!;
    assertEquals(want.length, 3);

    const args = [...train, "--distributed"];
    const two = await runMpi(OPEN_MPI, 2, "cli.ts", ...args, "-N", "1", ...logs("two"));
    assertEquals(two.code, 0, two.stderr);
    assertStringIncludes(two.stderr, "Training in 2 processes on ");
    const noEpochs = (line: string) => line.replace(/\/\d/, "");
    assertEquals(epochsOf(two.stdout)!.map(noEpochs), want.slice(0, 1).map(noEpochs));
    const files = async (name: string) => {
      const entries = await Array.fromAsync(Deno.readDir(join(folder.path, name, FOLDER)));
      // TensorBoard's names have the time.
      return entries.map(({ name }) => name).filter((name) => !/tfevents/.test(name)).sort();
    };
    assertEquals(await files("two"), await files("alone"));

    const latest = join(folder.path, "two", FOLDER, "checkpoint_latest.safetensors");
    const three = await runMpi(
      OPEN_MPI,
      3,
      "cli.ts",
      "train",
      "--distributed",
      "--resume",
      latest,
      "-N",
      "2",
    );
    assertEquals(three.code, 0, three.stderr);
    assertEquals(epochsOf(three.stdout)!.map(noEpochs), want.slice(1, 2).map(noEpochs));
    const last = await runCli(["train", "--resume", latest, "-N", "3"]);
    assertEquals(last.code, 0, last.stderr);
    assertEquals(epochsOf(last.stdout), want.slice(2));
  },
});

for (const signal of ["INT", "TERM", "USR2"]) {
  Deno.test({
    name: `SIG${signal} to one of 2 processes stops both, and what they leave can be gone on with`,
    ignore,
    async fn() {
      await using folder = await temporaryFolder();
      await writeTinyIdx(folder.path, DATA);
      const latest = join(folder.path, FOLDER, LATEST);
      const { code, stderr } = await runMpi(
        OPEN_MPI,
        2,
        INTERRUPTED,
        ...[signal, "0.2", latest],
        ...["train", "--distributed", "--dataset-dir", folder.path, ...OPTIONS],
        ...["-N", "100000", "--log-dir", folder.path],
      );
      assertNotEquals(code, 0);
      const [, finished] = /^Interrupted: finished epochs: (\d+); steps/m.exec(stderr)!;
      const further = await runCli(["train", "--resume", latest, "-N", `${Number(finished) + 1}`]);
      assertEquals(further.code, 0, further.stderr);
      assertMatch(further.stderr, new RegExp(`^Going on from .*: after epoch ${finished}\\b`, "m"));
    },
  });
}

for (const mpi of MPIS.slice(0, 2)) {
  Deno.test({
    name:
      `${mpi.name}: one of 3 processes is killed at random moments: all end, and resumed they ` +
      `end with the bits of a run that never stopped`,
    ignore: mpi.ignore,
    async fn() {
      await using folder = await temporaryFolder();
      await writeTinyIdx(folder.path, DATA);
      const train = [
        ...["train", "--distributed", "--dataset-dir", folder.path, ...OPTIONS, "-N", "30"],
        ...["--checkpoint-every", "3", "--log-dir"],
      ];
      const logs = (name: string) => join(folder.path, name);
      const never = await runMpi(mpi, 3, "cli.ts", ...train, logs("never"));
      assertEquals(never.code, 0, never.stderr);
      const latest = join(logs("killed"), FOLDER, LATEST);
      const killed = [...train, logs("killed"), "--resume", "auto"];
      for (let i = 0; i < 2; i++) {
        const wait = (Math.random() * 0.4).toFixed(3);
        const { code, stderr } = await runMpi(mpi, 3, INTERRUPTED, "KILL", wait, latest, ...killed);
        assertNotEquals(code, 0, `not killed after ${wait} s: ${stderr}`);
        // Whole, whatever was done at that moment.
        decodeCheckpoint(await Deno.readFile(latest));
      }
      const end = await runMpi(mpi, 3, "cli.ts", ...killed);
      assertEquals(end.code, 0, end.stderr);
      const [one, other] = await Promise.all(
        [logs("never"), logs("killed")].map(async (path) =>
          decodeCheckpoint(await Deno.readFile(join(path, FOLDER, LATEST))).state
        ),
      );
      assertEquals(other, one);
    },
  });
}

Deno.test({
  name: "2 processes without --distributed, and batch norm with it, are refused",
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    await writeTinyIdx(folder.path, DATA);
    const train = ["train", "--dataset-dir", folder.path, "--log-dir", folder.path, ...OPTIONS];
    const alone = await runMpi(OPEN_MPI, 2, "cli.ts", ...train);
    const { code, stderr } = await runCli([...train, "--average-every", "4"]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "--average-every is about several processes");
    assertNotEquals(alone.code, 0);
    assertStringIncludes(alone.stderr, "started 2 processes: --distributed trains over them");
    const normed = await runMpi(
      OPEN_MPI,
      2,
      "cli.ts",
      ...[...train, "--distributed", "--network", "4C3-BN-MP2-3"],
    );
    assertNotEquals(normed.code, 0);
    const errors = normed.stderr.match(/error: .*/g)!;
    assertMatch(errors[0]!, /layer.1 keeps "running_mean".*batch norm.*\(process 0 of 2\)$/);
    // The first says it for all.
    assertEquals(errors.length, 1);
    assert(
      !(await Array.fromAsync(Deno.readDir(folder.path))).some(({ isDirectory }) => isDirectory),
    );
  },
});
