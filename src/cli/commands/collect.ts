import type { Command } from "../options/command.ts";
import { JSON_FILE } from "../options/common_options.ts";
import { collectRuns } from "../run/collect_runs.ts";
import { writeWhole } from "../run/files.ts";
import { writeJson } from "../run/write_json.ts";
import { runsPage } from "../text/runs_page.ts";
import { runsCsv, runsTable, runsText, runsValues } from "../text/runs_text.ts";

/** The options of `collect`. */
export interface CollectOptions {
  /** Folders of runs, or with runs below them. */
  readonly folders: readonly string[];
  /** The file that the runs are written to as JSON. */
  readonly json?: string;
  /** The file that the runs are written to as comma-separated values. */
  readonly csv?: string;
  /** The file that a page of the runs is written to. */
  readonly html?: string;
}

/** The command `collect`. */
export const COLLECT: Command<CollectOptions> = {
  name: "collect",
  summary: "Put the runs of some folders beside each other, the best first",
  description:
    "Shows the options in which runs differ and what they gave, the highest test accuracy " +
    "first; runs that are under way, too.",
  positionals: [{
    field: "folders",
    name: "LOG_DIR",
    help: "Folders of runs, or with runs somewhere below them, such as logs",
    repeats: true,
  }],
  options: [
    JSON_FILE,
    {
      field: "csv",
      names: ["csv"],
      kind: { type: "text", placeholder: "FILE" },
      help: "Write the runs to a file as comma-separated values, too",
    },
    {
      field: "html",
      names: ["html"],
      kind: { type: "text", placeholder: "FILE" },
      help: "Write a page with a plot and the table to a file, too",
    },
  ],
  examples: ["logs", "sweep-a sweep-b --html sweeps.html", "logs --csv runs.csv --json runs.json"],
};

/**
 * Prints what runs gave.
 *
 * @param options The command's options.
 */
export async function collect({ folders, json, csv, html }: CollectOptions): Promise<void> {
  const runs = await collectRuns(folders);
  const where = folders.map((folder) => `"${folder}"`).join(", ");
  if (runs.length === 0) throw new Error(`Cannot collect runs as there are none in ${where}`);
  if (html !== undefined && !runs.some(({ best }) => best)) {
    throw new Error(`Cannot plot the runs in ${where} as none has finished an epoch`);
  }
  console.log(runsText(runsTable(runs)));
  if (json !== undefined) await writeJson(json, runsValues(runs));
  if (csv !== undefined) await writeWhole(csv, runsCsv(runs));
  if (html !== undefined) await writeWhole(html, await runsPage(runs));
}
