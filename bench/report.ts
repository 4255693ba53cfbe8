/**
 * Makes the tables of `bench/RESULTS.md` and the plots in `docs/images/` from the files of
 * `bench/results/`, which hold what benches gave.
 *
 * ```sh
 * deno run -A bench/report.ts
 * ```
 */

import { growthPlot, ratioPlot } from "./report/plots.ts";
import { readResults, type Result } from "./report/result.ts";
import { withTables } from "./report/tables.ts";

/** The repository's folder. */
const ROOT = new URL("..", import.meta.url);
const PAGE = "bench/RESULTS.md";

/** Plots by the names of their results. */
const PLOTS: Readonly<Record<string, (result: Result) => Promise<string>>> = {
  beside_others_llvmpipe: ratioPlot,
  growth_time_steps: growthPlot,
  growth_neurons: growthPlot,
  growth_batch: growthPlot,
  growth_depth: growthPlot,
};

/**
 * All that is made from the results.
 *
 * @returns The texts of the files, by their paths from the repository's folder.
 */
export async function reportFiles(): Promise<Map<string, string>> {
  const results = readResults(new URL("bench/results/", ROOT));
  const page = await Deno.readTextFile(new URL(PAGE, ROOT));
  const files = new Map([[PAGE, withTables(page, results)]]);
  for (const [name, plot] of Object.entries(PLOTS)) {
    files.set(`docs/images/${name}.svg`, await formatted(await plot(results.get(name)!)));
  }
  return files;
}

/** An SVG as `deno fmt` leaves it. */
async function formatted(svg: string): Promise<string> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "svg", "-"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = process.output();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(svg));
  await writer.close();
  return new TextDecoder().decode((await output).stdout);
}

if (import.meta.main) {
  for (const [path, text] of await reportFiles()) {
    await Deno.writeTextFile(new URL(path, ROOT), text);
    console.log(path);
  }
}
