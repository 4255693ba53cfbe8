/** A training that is killed again and again ends with the numbers of one that never was. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { RUN_FILES } from "../../src/cli/run/run_file_names.ts";
import { Random } from "../../src/core/random.ts";
import { CliProcess } from "../support/cli_process.ts";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { killAt, type Moment } from "./moment.ts";
import { assertWholeFiles, checkpointIn, namesIn, resultsIn } from "./run_folder.ts";

/** An epoch has 150 steps, and a line of progress for each quarter of them. */
const DATA = { train: 1200, test: 300, side: 16 };
const EPOCHS = 30;
const OPTIONS = ["-T", "20", "-b", "8", "--checkpoint-every", "40"];
const FOLDER = "T20_b8_adam_lr0.001";

const STARTED = /^Training on /gm;
const PROGRESS = /^epoch \d/gmi;
const RESULTS = /^Firing rates /gm;

/** Milliseconds that parts of a whole run take. */
interface Durations {
  readonly start: number;
  readonly epoch: number;
  readonly plots: number;
}

/** Twenty moments, in the order that a run reaches them. */
function momentsOf(random: Random, { start, epoch, plots }: Durations): Moment[] {
  const training: Moment[] = [
    ...[0.1, 0.5, 0.9, 1.2].map((part) => ({ wait: random.uniform(0.5, 1) * part * start })),
    ...Array.from({ length: 6 }, () => ({
      line: PROGRESS,
      times: 1 + random.below(8),
      wait: random.uniform(0, epoch),
    })),
    { file: RUN_FILES.options },
    { file: "events.", times: 1 + random.below(2) },
    { file: RUN_FILES.trainAccuracies },
    { file: RUN_FILES.metrics },
    { file: RUN_FILES.latest, times: 1 + random.below(6) },
  ];
  return [
    // The first epoch is the best so far.
    { file: RUN_FILES.best },
    ...Array.from(random.permutation(training.length), (at) => training[at]!),
    { file: RUN_FILES.potentials },
    { line: RESULTS, wait: random.uniform(0.2, 0.8) * plots },
    { file: "accuracy.png" },
    { file: "report.html" },
  ];
}

Deno.test({
  name: "a training that is killed 20 times and resumed gives what one gives that never was",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using data = await temporaryFolder();
    await using logs = await temporaryFolder();
    await using others = await temporaryFolder();
    await writeTinyIdx(data.path, DATA);
    const args = ["train", "--dataset-dir", data.path, ...OPTIONS, "-N", String(EPOCHS)];

    const begin = performance.now();
    const whole = new CliProcess([...args, "--log-dir", others.path]);
    await whole.seen(STARTED);
    const started = performance.now();
    await whole.seen(RESULTS);
    const trained = performance.now();
    const { code, stderr } = await whole.outcome();
    const end = performance.now();
    assertEquals(code, 0, stderr);
    const expected = await resultsIn(join(others.path, FOLDER));

    const moments = momentsOf(new Random(1), {
      start: started - begin,
      epoch: (trained - started) / EPOCHS,
      plots: end - trained,
    });
    assertEquals(moments.length, 20);
    const folder = join(logs.path, FOLDER);
    const resumed = [...args, "--log-dir", logs.path, "--resume", "auto"];
    let updates = 0;
    let leftovers = 0;
    for (const moment of moments) {
      await killAt(moment, resumed, logs.path);
      leftovers += (await assertWholeFiles(folder)).length;
      if (!(await namesIn(folder)).includes(RUN_FILES.latest)) continue;
      const { state } = await checkpointIn(folder);
      assert(state.updates >= updates, `from ${updates} updates back to ${state.updates}`);
      ({ updates } = state);
    }
    assert(leftovers > 0, "no kill came while a file was being written");

    const last = await runCli(resumed);
    assertEquals(last.code, 0, last.stderr);
    assertStringIncludes(last.stderr, "Going on from ");
    assertEquals(await assertWholeFiles(folder), []);
    assertEquals(await resultsIn(folder), expected);
  },
});
