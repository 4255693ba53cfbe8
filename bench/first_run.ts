/**
 * What a network takes until its first steps are done, from the start of the process: with nothing of its kernels
 * kept, as on a machine that is new to it, and once the driver keeps them. Prints a table in Markdown.
 *
 * ```sh
 * deno run -A bench/first_run.ts [--rounds 3] [--json FILE] [ITEM ...]
 * ```
 *
 * Items are those of `bench/peers/galvani_step.ts`; `VK_ICD_FILENAMES=/nonexistent` measures SwiftShader, which
 * keeps nothing.
 */

import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Result } from "./report/result.ts";
import { tableOf } from "./report/tables.ts";

const ITEMS = [
  "tutorial",
  "784-800-10",
  "784-512-512-10",
  "28-32-10 feedback",
  "700-256-20 recurrent",
  "csnn 32 4",
  "12C5-MP2-64C5-MP2-10",
];
const STEP = fileURLToPath(new URL("peers/galvani_step.ts", import.meta.url));

/** What a process took. */
interface Run {
  readonly seconds: number;
  readonly megabytes: number;
  readonly adapter: string;
}

/** Runs a few steps in a process of its own, whose driver keeps its kernels in a folder. */
async function run(item: string, kept: string): Promise<Run> {
  const start = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", STEP, "--item", item, "--rounds", "1", "--milliseconds", "1"],
    env: { MESA_SHADER_CACHE_DIR: kept, XDG_CACHE_HOME: kept },
  }).output();
  const seconds = (performance.now() - start) / 1000;
  if (!success) throw new Error(`${item}: ${new TextDecoder().decode(stderr)}`);
  const { peakMemoryMb, adapter } = JSON.parse(new TextDecoder().decode(stdout));
  return { seconds, megabytes: peakMemoryMb, adapter };
}

function median(runs: readonly Run[], part: "seconds" | "megabytes"): number {
  return runs.map((run) => run[part]).sort((a, b) => a - b)[Math.floor(runs.length / 2)]!;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" }, json: { type: "string" } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new RangeError(`--rounds must be an integer of at least 1: given "${values.rounds}"`);
}
const rows: string[][] = [];
let adapter = "";
for (const item of positionals.length > 0 ? positionals : ITEMS) {
  const [first, later]: [Run[], Run[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const kept = await Deno.makeTempDir();
    for (const runs of [first, later]) runs.push(await run(item, kept));
    await Deno.remove(kept, { recursive: true });
  }
  adapter = first[0]!.adapter;
  rows.push([
    item,
    ...[first, later].map((runs) => median(runs, "seconds").toFixed(1)),
    ...[first, later].map((runs) => median(runs, "megabytes").toFixed(0)),
  ]);
}
const result: Result = {
  title: "Until the first steps are done",
  adapter,
  machine: `${cpus()[0]!.model}, ${cpus().length} cores`,
  date: new Date().toISOString().slice(0, 10),
  command: ["deno run -A bench/first_run.ts", ...Deno.args].join(" "),
  columns: [
    { name: "item", align: "left" },
    ...["first, s", "later, s", "first, MB", "later, MB"].map((name) => ({
      name,
      align: "right" as const,
    })),
  ],
  rows,
};
console.log(`${adapter}\n\n${tableOf(result)}`);
if (values.json !== undefined) {
  await Deno.writeTextFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
}
