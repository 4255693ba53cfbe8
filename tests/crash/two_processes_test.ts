/** Two trainings don't write to one folder. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { CliProcess } from "../support/cli_process.ts";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { assertError } from "./assert_error.ts";
import { assertWholeFiles, checkpointIn, resultsIn } from "./run_folder.ts";

const FOLDER = "T4_b1_adam_lr0.001";

Deno.test("a second training in a folder ends at once, and the first goes on unharmed", async () => {
  await using data = await temporaryFolder();
  await using logs = await temporaryFolder();
  await using others = await temporaryFolder();
  await writeTinyIdx(data.path, { train: 1200, test: 60, side: 16 });
  const train = ["train", "--dataset-dir", data.path, "-T", "4", "-b", "1", "-N", "4"];
  const folder = join(logs.path, FOLDER);
  {
    await using first = new CliProcess([...train, "--log-dir", logs.path]);
    await first.seen(/^epoch 1: /gm);
    for (const more of [[], ["--resume", "auto"]]) {
      const second = await runCli([...train, ...more, "--log-dir", logs.path]);
      assertError(second, `"${folder}"`, "another process trains there");
    }
    const { code, stdout, stderr } = await first.outcome();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "Epoch 4/4");
  }
  assertEquals(await assertWholeFiles(folder), []);
  assertEquals((await checkpointIn(folder)).state.epoch, 4);
  const alone = await runCli([...train, "--log-dir", others.path]);
  assertEquals(alone.code, 0, alone.stderr);
  assertEquals(await resultsIn(folder), await resultsIn(join(others.path, FOLDER)));

  const { code, stderr } = await runCli([...train, "--log-dir", logs.path]);
  assertEquals(code, 0, stderr);
});

Deno.test({
  name: "a training that was killed leaves its folder free",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using data = await temporaryFolder();
    await using logs = await temporaryFolder();
    await writeTinyIdx(data.path, { train: 1200, test: 60, side: 16 });
    const train = [
      "train",
      "--dataset-dir",
      data.path,
      "--log-dir",
      logs.path,
      "-T",
      "4",
      "-b",
      "1",
    ];
    await using first = new CliProcess([...train, "-N", "9"]);
    await first.seen(/^Epoch 1/gm);
    first.kill("SIGKILL");
    assertEquals((await first.outcome()).signal, "SIGKILL");
    const { code, stderr } = await runCli([...train, "-N", "2", "--resume", "auto"]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "Going on from");
  },
});
