/** Parts of pages that need nothing else, neither scripts nor a network. */

import { inlineSvg } from "./inline_svg.ts";
import type { ReportFigure } from "./report_data.ts";
import { REPORT_STYLE } from "./report_style.ts";

/**
 * Makes a page.
 *
 * @param title Its title and first heading.
 * @param content What follows, as HTML.
 * @returns The text of an HTML file.
 */
export function htmlPage(title: string, content: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

/**
 * Makes a part of a page with a heading, or nothing where there is nothing to show.
 *
 * @param heading The heading.
 * @param content What follows, as HTML.
 * @returns HTML.
 */
export function htmlSection(heading: string, content: string): string {
  return content === "" ? "" : `<section>\n<h2>${heading}</h2>\n${content}\n</section>`;
}

/**
 * Makes a plot part of a page.
 *
 * @param figure The plot.
 * @param index Its number on the page.
 * @returns HTML.
 */
export function htmlFigure({ svg, caption }: ReportFigure, index: number): string {
  const label = escapeHtml(caption);
  return `<figure>
<div class="scroll" tabindex="0" role="region" aria-label="${label}">
${inlineSvg(svg, `figure-${index}-`)}
</div>
<figcaption>${label}</figcaption>
</figure>`;
}

/**
 * Writes a text so that HTML shows it as it is.
 *
 * @param text The text.
 * @returns HTML.
 */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}
