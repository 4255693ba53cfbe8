import { duration, percent } from "../text/quantities.ts";
import { escapeHtml, htmlFigure, htmlPage, htmlSection } from "./html.ts";
import type { ReportData, ReportEpoch, ReportFigure, ReportTable } from "./report_data.ts";

const WHAT = "Cannot write a report";

/**
 * Makes a page of a training: its numbers, options, epochs and plots. The page is one text that
 * needs nothing else, neither scripts nor a network.
 *
 * @param data What happened.
 * @returns The text of an HTML file.
 * @throws {RangeError} If there are no epochs.
 * @throws {TypeError} If a plot isn't an SVG.
 *
 * @example
 * ```ts
 * import { accuracyCurve, reportHtml } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const html = reportHtml({
 *   title: "First run",
 *   adapter: "llvmpipe",
 *   seconds: 83,
 *   imagesPerSecond: 14_500,
 *   options: [["epochs", "1"], ["tau", "2"]],
 *   epochs: [{ epoch: 1, trainLoss: 0.02, trainAccuracy: 0.88, testAccuracy: 0.91, seconds: 83 }],
 *   curve: {
 *     svg: await accuracyCurve({ train: [0.88], test: [0.91] }),
 *     caption: "Accuracy after each epoch",
 *   },
 *   figures: [],
 * });
 * assertStringIncludes(html, "<title>First run</title>");
 * ```
 */
export function reportHtml(data: ReportData): string {
  const { title, epochs, figures } = data;
  if (epochs.length === 0) {
    throw new RangeError(`${WHAT} as there must be at least one epoch: current count is 0`);
  }
  for (const { svg, caption } of [data.curve, ...figures]) {
    if (!/^\s*(<\?xml[^>]*>\s*)?<svg\b/.test(svg)) {
      throw new TypeError(
        `${WHAT} as the plot "${caption}" must be an SVG: it begins with "${svg.slice(0, 20)}"`,
      );
    }
  }

  const best = bestEpoch(epochs);
  return htmlPage(
    title,
    `${finalNumbers(data, best)}
${htmlSection("Alarms", alarms(data))}
${htmlSection("Accuracy", htmlFigure(data.curve, 0))}
${htmlSection("Epochs", epochTable(epochs, best))}
${htmlSection("Plots", plots(figures))}
${htmlSection("Firing rates", firingRates(data))}
${
      (data.tables ?? []).map((table) => htmlSection(escapeHtml(table.heading), tableOf(table)))
        .join("\n")
    }
${htmlSection("Options", options(data))}
${htmlSection("How to go on", commands(data))}`,
  );
}

/** The epoch of the highest accuracy, of the test where there is one. */
function bestEpoch(epochs: readonly ReportEpoch[]): ReportEpoch {
  const accuracy = (epoch: ReportEpoch) => epoch.testAccuracy ?? epoch.trainAccuracy;
  return epochs.reduce((best, epoch) => accuracy(epoch) > accuracy(best) ? epoch : best);
}

function finalNumbers(data: ReportData, best: ReportEpoch): string {
  const last = data.epochs.at(-1)!;
  const kind = best.testAccuracy === undefined ? "training" : "test";
  const accuracy = (epoch: ReportEpoch) =>
    `${percent(epoch.testAccuracy ?? epoch.trainAccuracy)} <small>epoch ${epoch.epoch}</small>`;
  return `<dl class="numbers">
<div><dt>Best ${kind} accuracy</dt><dd>${accuracy(best)}</dd></div>
<div><dt>Last ${kind} accuracy</dt><dd>${accuracy(last)}</dd></div>
<div><dt>Time</dt><dd>${duration(data.seconds, 1)}</dd></div>
<div><dt>Speed</dt><dd>${
    Math.round(data.imagesPerSecond).toLocaleString("en")
  } <small>images/s</small></dd></div>
<div class="wide"><dt>Adapter</dt><dd>${escapeHtml(data.adapter)}</dd></div>
</dl>`;
}

function epochTable(epochs: readonly ReportEpoch[], best: ReportEpoch): string {
  const columns: [heading: string, cell: (epoch: ReportEpoch) => string][] = [
    ["train loss", ({ trainLoss }) => loss(trainLoss)],
    ["train accuracy", ({ trainAccuracy }) => percent(trainAccuracy)],
  ];
  if (epochs.some(({ testLoss }) => testLoss !== undefined)) {
    columns.push(["test loss", ({ testLoss }) => loss(testLoss)]);
  }
  if (epochs.some(({ testAccuracy }) => testAccuracy !== undefined)) {
    columns.push([
      "test accuracy",
      ({ testAccuracy }) => testAccuracy === undefined ? "" : percent(testAccuracy),
    ]);
  }
  columns.push(["seconds", ({ seconds }) => seconds.toFixed(1)]);

  const headings = ["epoch", ...columns.map(([heading]) => heading)]
    .map((heading) => `<th scope="col">${heading}</th>`).join("");
  const rows = epochs.map((epoch) => {
    const cells = columns.map(([, cell]) => `<td>${cell(epoch)}</td>`).join("");
    const mark = epoch === best ? ' class="best"' : "";
    return `<tr${mark}><th scope="row">${epoch.epoch}</th>${cells}</tr>`;
  });
  return `<div class="scroll epochs" tabindex="0" role="region" aria-label="Epochs">
<table>
<thead><tr>${headings}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</div>`;
}

function plots(figures: readonly ReportFigure[]): string {
  if (figures.length === 0) return "";
  const content = figures.map((plot, i) => htmlFigure(plot, i + 1));
  return `<div class="figures">\n${content.join("\n")}\n</div>`;
}

function firingRates({ firingRates = [] }: ReportData): string {
  if (firingRates.length === 0) return "";
  const rows = firingRates.map(({ layer, rate }) =>
    `<tr><th scope="row">${escapeHtml(layer)}</th><td>${rate.toFixed(4)}</td>` +
    `<td><span style="width:${100 * rate}%"></span></td></tr>`
  );
  return `<p>Spikes of a neuron per time step, the mean over neurons and images.</p>
<table class="rates">
<tbody>
${rows.join("\n")}
</tbody>
</table>`;
}

function alarms({ alarms = [] }: ReportData): string {
  if (alarms.length === 0) return "";
  return `<ul>\n${alarms.map((alarm) => `<li>${escapeHtml(alarm)}</li>`).join("\n")}\n</ul>`;
}

function tableOf({ heading, text, rows: [head = [], ...rows] }: ReportTable): string {
  const cells = (row: readonly string[]) =>
    row.map((cell, i) =>
      i === 0 ? `<th scope="row">${escapeHtml(cell)}</th>` : `<td>${escapeHtml(cell)}</td>`
    )
      .join("");
  return `<p>${escapeHtml(text)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(heading)}">
<table>
<thead><tr>${head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join("")}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${cells(row)}</tr>`).join("\n")}
</tbody>
</table>
</div>`;
}

function options({ options }: ReportData): string {
  if (options.length === 0) return "";
  const items = options.map(([name, value]) =>
    `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`
  );
  return `<dl class="options">\n${items.join("\n")}\n</dl>`;
}

function commands({ commands = [] }: ReportData): string {
  return commands.map(({ purpose, command }) =>
    `<p>${escapeHtml(purpose)}</p>\n<pre><code>${escapeHtml(command)}</code></pre>`
  ).join("\n");
}

function loss(value: number | undefined): string {
  return value === undefined ? "" : value.toPrecision(4);
}
