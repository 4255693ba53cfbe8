/** `train --distributed`: the command line in several processes. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import { runCli } from "../support/cli_process.ts";
import { MPIRUN, runMpi } from "../support/mpirun.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";

const ignore = MPIRUN === undefined;
/** Eight steps an epoch; the last test batch has a single picture. */
const DATA = { train: 64, test: 25, side: 12 };
const OPTIONS = ["-T", "6", "-b", "8"];
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
    const two = await runMpi(2, "cli.ts", ...args, "-N", "1", ...logs("two"));
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

Deno.test({
  name: "a signal to one of 2 processes stops both, and what they leave can be gone on with",
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    await writeTinyIdx(folder.path, DATA);
    const { code, stderr } = await runMpi(
      2,
      "tests/processes/interrupted_rank.ts",
      ...["train", "--distributed", "--dataset-dir", folder.path, ...OPTIONS],
      ...["-N", "100000", "--log-dir", folder.path],
    );
    assertNotEquals(code, 0);
    const [, finished] = /^Interrupted: finished epochs: (\d+); steps/m.exec(stderr)!;
    const latest = join(folder.path, FOLDER, "checkpoint_latest.safetensors");
    const further = await runCli(["train", "--resume", latest, "-N", `${Number(finished) + 1}`]);
    assertEquals(further.code, 0, further.stderr);
    assertMatch(further.stderr, new RegExp(`^Going on from .*: after epoch ${finished}\\b`, "m"));
  },
});

Deno.test({
  name: "2 processes without --distributed, and batch norm with it, are refused",
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    await writeTinyIdx(folder.path, DATA);
    const train = ["train", "--dataset-dir", folder.path, "--log-dir", folder.path, ...OPTIONS];
    const alone = await runMpi(2, "cli.ts", ...train);
    const { code, stderr } = await runCli([...train, "--average-every", "4"]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "--average-every is about several processes");
    assertNotEquals(alone.code, 0);
    assertStringIncludes(alone.stderr, "started 2 processes: --distributed trains over them");
    const normed = await runMpi(
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
