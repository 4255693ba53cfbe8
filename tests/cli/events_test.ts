/** Data sets of events on the command line. */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { checkSavedOptions } from "../../src/cli/options/saved_options.ts";
import { TRAIN } from "../../src/cli/options/options.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { loadMnist } from "../../src/datasets/mod.ts";
import { writeMadeNmnist } from "../support/made_nmnist.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { run as runCommand } from "./run.ts";

function parse(args: string) {
  const parsed = parseArguments(TRAIN, args.split(" "));
  assert(typeof parsed === "object");
  return parsed.options;
}

Deno.test("time steps take all of a recording, unless it is said how long they are", () => {
  const { encoder, stepDuration } = parse("--dataset nmnist -T 30");
  assertEquals([encoder, stepDuration], ["events", 10_500]);
  assertEquals(parse("--dataset shd").stepDuration, 14_000);
  assertEquals(parse("--dataset shd --step-duration 4e3").stepDuration, 4000);
  assertEquals(parse("--dataset shd --own-lengths").ownLengths, true);
  const options = JSON.parse(JSON.stringify(parse("--dataset dvs-gesture -T 16")));
  assertEquals(checkSavedOptions(options, "run.st"), options);
});

Deno.test("pictures have no events, and events aren't pictures", () => {
  const refused = {
    "--encoder events": "events doesn't go with --dataset mnist",
    "--dataset shd --encoder poisson": "poisson doesn't go with --dataset shd",
    "--dataset shd --neuron none": "must be of a spiking kind for events: --dataset is shd",
    "--own-lengths": "goes with --dataset nmnist, shd, ssc or dvs-gesture only",
    "--step-duration 5": "goes with --dataset nmnist, shd, ssc or dvs-gesture only",
  };
  for (const [args, reason] of Object.entries(refused)) {
    assertThrows(() => parse(args), UsageError, reason);
  }
});

Deno.test("a folder of events is known by its files, trained on, tested and asked", async () => {
  await using temporary = await temporaryFolder();
  const { path } = temporary;
  const { train, test } = await loadMnist();
  await writeMadeNmnist(`${path}/made`, { Train: train.slice(0, 12), Test: test.slice(0, 6) });
  const run = async (args: string, code: number) => {
    const { out, error } = await runCommand(code, ...args.split(" "));
    return code === 0 ? out : error;
  };
  await run(
    `train --dataset-dir ${path}/made -T 10 -N 1 -b 4 --log-dir ${path}/logs`,
    0,
  );
  const [name] = await Array.fromAsync(Deno.readDir(`${path}/logs`), ({ name }) => name);
  const folder = `${path}/logs/${name}`;
  assertStringIncludes(name!, "datasetnmnist");
  const report = await Deno.readTextFile(`${folder}/report.html`);
  assertStringIncludes(report, "The events of the first test recording");
  assertStringIncludes(report, "ON less OFF");
  await run(`evaluate ${folder}/checkpoint_max.safetensors`, 0);
  // Half of T is after the last event of each: evaluate finds the rates of the other half.
  const half =
    `train --dataset nmnist --dataset-dir ${path}/made -T 20 --step-duration 31500 -N 1 -b 4`;
  await run(`${half} --own-lengths --log-dir ${path}/short`, 0);
  const [short] = await Array.fromAsync(Deno.readDir(`${path}/short`), ({ name }) => name);
  const file = `${path}/short/${short}/checkpoint_max.safetensors`;
  const json = `${path}/evaluation.json`;
  await run(`evaluate ${file} --energy --json ${json}`, 0);
  const { counts } = JSON.parse(await Deno.readTextFile(json));
  assert(counts.timeSteps > 5 && counts.timeSteps <= 10, `T is ${counts.timeSteps}`);
  const plots = `${path}/plots`;
  const asked = await run(
    `classify ${folder}/checkpoint_max.safetensors --index 5 --plot-dir ${plots}`,
    0,
  );
  assertStringIncludes(asked, "Test picture 5: ");
  const names = ["input", "event_picture", "1d_spikes", "2d_heatmap"];
  assert(
    asked.endsWith(
      `${names.flatMap((name) => [`${plots}/${name}.svg`, `${plots}/${name}.png`]).join("\n")}\n`,
    ),
    asked,
  );
  for (const [name, text] of [["input", "Events"], ["event_picture", "ON less OFF"]]) {
    assertStringIncludes(await Deno.readTextFile(`${plots}/${name}.svg`), text!);
  }
  const absent = await run("train --dataset shd -N 1", 1);
  assertStringIncludes(absent, "Spiking Heidelberg Digits as it needs --dataset-dir");
});
