import { escapeHtml, htmlFigure, htmlPage, htmlSection } from "../../plots/html.ts";
import { runCurves } from "../../plots/run_curves.ts";
import type { CollectedRun } from "../run/collect_runs.ts";
import { runsTable } from "./runs_text.ts";

/**
 * Makes a page of several runs: a plot of their accuracies, and a table of what they differ in and gave.
 *
 * @param runs The runs, the best first; at least one has finished an epoch.
 * @returns The text of an HTML file, which needs nothing else.
 */
export async function runsPage(runs: readonly CollectedRun[]): Promise<string> {
  const curves = runs.filter(({ best }) => best)
    .map(({ epochs }) => epochs.map(({ testAccuracy }) => testAccuracy));
  const caption = "Test accuracy after each epoch, a line for each run; the best stands out";
  const svg = await runCurves(curves, { title: "Test accuracy of each run" });
  return htmlPage(
    `${runs.length} run${runs.length === 1 ? "" : "s"}`,
    `${htmlSection("Accuracy", htmlFigure({ svg, caption }, 0))}
${htmlSection("Runs, the best first", table(runs))}`,
  );
}

function table(runs: readonly CollectedRun[]): string {
  const { head, rows } = runsTable(runs);
  const cells = (texts: readonly string[], tag: string) =>
    texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag.split(" ")[0]}>`).join("");
  const body = rows.map((row, i) =>
    `<tr${i === 0 ? ' class="best"' : ""}>${cells(row, "td")}</tr>`
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="Runs">
<table>
<thead><tr>${cells(head, 'th scope="col"')}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>
</div>`;
}
