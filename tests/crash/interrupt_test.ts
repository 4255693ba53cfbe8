/** A training that is interrupted, by Ctrl-C or by the system, goes on as if it never had been. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { RUN_FILES } from "../../src/cli/run/run_file_names.ts";
import { Random } from "../../src/core/random.ts";
import { CliProcess } from "../support/cli_process.ts";
import { runCli } from "../support/run_cli.ts";
import { delay } from "../support/delay.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { assertWholeFiles, checkpointIn, resultsIn } from "./run_folder.ts";

/** An epoch has 1200 steps: more than are on their way to the device at once. */
const DATA = { train: 1200, test: 300, side: 16 };
/** The interrupts take up to four of them: on a busy machine the last one comes late. */
const EPOCHS = 8;
const NETWORKS: Record<string, { args: string[]; folder: string }> = {
  "one layer, Poisson spikes, Adam": {
    args: ["-T", "20", "-b", "1"],
    folder: "T20_b1_adam_lr0.001",
  },
  "hidden layer, direct coding, SGD with momentum": {
    args: "-T 4 -b 1 --hidden 24 --encoder direct --opt sgd --momentum 0.9 --lr 0.02".split(" "),
    folder: "T4_b1_sgd_lr0.02_hidden24_encoderdirect_momentum0.9",
  },
};

/** What asks a process to end, and the exit code that says so. */
const SIGNALS = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129], ["SIGUSR2", 140]] as const;

/** A line of progress within an epoch, which takes many chunks of steps. */
const PROGRESS = /^epoch \d/gm;
const INTERRUPTED =
  /^Interrupted: finished epochs: (\d+); steps of the next: (\d+)\. Go on with:\n/m;

for (const [what, { args, folder }] of Object.entries(NETWORKS)) {
  Deno.test({
    name: `three interrupts change nothing: ${what}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using data = await temporaryFolder();
      await using logs = await temporaryFolder();
      await using others = await temporaryFolder();
      await writeTinyIdx(data.path, DATA);
      const train = ["train", "--dataset-dir", data.path, ...args, "-N", String(EPOCHS)];
      const whole = await runCli([...train, "--log-dir", others.path]);
      assertEquals(whole.code, 0, whole.stderr);

      const random = new Random(1);
      let steps = 0;
      let next = [...train, "--log-dir", logs.path];
      for (const [name, exitCode] of SIGNALS) {
        await using process = new CliProcess(next);
        await process.seen(PROGRESS, 1 + random.below(5));
        await delay(random.uniform(0, 20));
        process.kill(name);
        const { code, signal, stderr } = await process.outcome();
        assertEquals([code, signal], [exitCode, null], stderr);
        assertMatch(stderr, INTERRUPTED);
        const [message, epoch, step] = INTERRUPTED.exec(stderr)!;
        const { state } = await checkpointIn(join(logs.path, folder));
        assertEquals([state.epoch, state.step], [Number(epoch), Number(step)]);
        assert(state.epoch < EPOCHS);
        steps += state.step;
        assertEquals(await assertWholeFiles(join(logs.path, folder)), []);
        // What the message says to call.
        const call = stderr.slice(stderr.indexOf(message) + message.length).trim();
        next = call.split(" ").slice(call.split(" ").indexOf("train"));
        assertEquals(next, ["train", "--resume", join(logs.path, folder, RUN_FILES.latest)]);
      }
      assert(steps > 0, "no interrupt came within an epoch");
      const last = await runCli(next);
      assertEquals(last.code, 0, last.stderr);
      assertEquals(
        await resultsIn(join(logs.path, folder)),
        await resultsIn(join(others.path, folder)),
      );
    },
  });
}
