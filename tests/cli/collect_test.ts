/** `collect` puts runs beside each other. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DOMParser } from "@xmldom/xmldom";
import { join } from "node:path";
import { TRAIN } from "../../src/cli/options/options.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";
import { runFolder } from "../../src/cli/run/run_folder.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { run } from "./run.ts";

/** Writes what `train` keeps of a run; gives its folder. */
async function writeRun(
  logs: string,
  args: string,
  tests: readonly (readonly [accuracy: number, loss: number])[],
): Promise<string> {
  const parsed = parseArguments(TRAIN, args.split(" "));
  assert(typeof parsed === "object");
  const folder = join(logs, runFolder(parsed.options));
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "args.json"), JSON.stringify(parsed.options));
  const lines = tests.map(([testAccuracy, testLoss], i) =>
    JSON.stringify({
      epoch: i + 1,
      trainLoss: 0.1,
      trainAccuracy: 0.5,
      testLoss,
      testAccuracy,
      seconds: 1.25,
    })
  );
  await Deno.writeTextFile(join(folder, "metrics.jsonl"), lines.map((one) => `${one}\n`).join(""));
  return folder;
}

/** Runs `collect`. */
const collect = (code: number, ...args: string[]) => run(code, "collect", ...args);

/** A sweep of four runs in two folders, of which one has only begun. */
async function sweep(path: string) {
  const [one, two] = [join(path, "one"), join(path, "two")];
  const folders = [
    await writeRun(one, "-N 2 --lr 1e-3 --hidden 80,40", [[0.9, 0.03], [0.92, 0.025]]),
    await writeRun(one, "-N 3 --lr 1e-2 --log-dir x", [[0.95, 0.02], [0.94, 0.01]]),
    // As accurate as the first, of a lower loss.
    await writeRun(two, "-N 2 --seed 7", [[0.92, 0.02]]),
    await writeRun(two, "-N 2 --seed 8", []),
  ] as const;
  return { one, two, folders };
}

Deno.test("collect lists runs, the best first, with the options in which they differ", async () => {
  await using folder = await temporaryFolder();
  const { one, two, folders: [first, second, third, fourth] } = await sweep(folder.path);
  // A folder that is named twice, in two ways.
  const { out } = await collect(0, one, `${two}/`, two);
  const lines = out.trimEnd().split("\n").map((line) => line.trim().split(/  +/));
  assertEquals(lines, [
    ["lr", "seed", "hidden", ...RESULTS],
    ["0.01", "1", "none", "2/3", "1", "95.00 %", "0.02000", "2.5", second],
    [
      "0.001",
      "7",
      "none",
      "1/2",
      "1",
      "92.00 %",
      "0.02000",
      "1.3",
      join(two, third.slice(two.length)),
    ],
    ["0.001", "1", "80 40", "2/2", "2", "92.00 %", "0.02500", "2.5", first],
    ["0.001", "8", "none", "0/2", "0.0", fourth],
  ]);
  // One run has nothing to differ in.
  const alone = await collect(0, first);
  assertEquals(alone.out.split("\n")[0]!.trim().split(/  +/), RESULTS);
});

const RESULTS = ["epochs", "best", "test accuracy", "test loss", "seconds", "folder"];

Deno.test("collect writes JSON, CSV and a page with a plot and the table", async () => {
  await using folder = await temporaryFolder();
  const { folders: [first, second, third, fourth] } = await sweep(folder.path);
  const [json, csv, html] = ["a.json", "a.csv", "a.html"].map((name) => join(folder.path, name));
  await collect(0, folder.path, "--json", json!, "--csv", csv!, "--html", html!);
  const runs = JSON.parse(await Deno.readTextFile(json!));
  assertEquals(runs.map(({ folder }: { folder: string }) => folder), [
    second,
    third,
    first,
    fourth,
  ]);
  assertEquals(runs[0], {
    folder: second,
    options: { learningRate: 0.01, seed: 1, hidden: [] },
    epochs: 2,
    epoch: 1,
    testAccuracy: 0.95,
    testLoss: 0.02,
    seconds: 2.5,
  });
  assertEquals(runs[3].testAccuracy, null);
  const lines = (await Deno.readTextFile(csv!)).split("\r\n");
  assertEquals(
    lines[0],
    "learningRate,seed,hidden,folder,epochs,epoch,testAccuracy,testLoss,seconds",
  );
  assertEquals(lines[3], `0.001,1,80 40,${first},2,2,0.92,0.025,2.5`);
  assertEquals(lines[4], `0.001,8,none,${fourth},0,,,,0`);
  const page = await Deno.readTextFile(html!);
  const svg = page.slice(page.indexOf("<svg"), page.indexOf("</svg>") + 6);
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  assertStringIncludes(document.documentElement!.textContent!, "best of 3 runs: 95.00 %");
  assertEquals(page.match(/<tr\b/g)!.length, 5);
  assertStringIncludes(page, "<td>95.00 %</td>");
});

Deno.test("collect says what is wrong", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  assertMatch((await collect(1, path)).error, /^error: Cannot collect runs as there are none in "/);
  const nowhere = join(path, "nowhere");
  assertStringIncludes(
    (await collect(1, nowhere)).error,
    `of "${nowhere}": there is no such folder`,
  );
  const begun = await writeRun(path, "-N 2", []);
  const { error } = await collect(1, path, "--html", join(path, "a.html"));
  assertStringIncludes(error, "as none has finished an epoch");
  await Deno.writeTextFile(join(begun, "args.json"), "{");
  assertStringIncludes(
    (await collect(1, path)).error,
    `the options in "${join(begun, "args.json")}"`,
  );
});
