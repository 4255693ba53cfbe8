import GithubSlugger from "github-slugger";
// @ts-types="./highlight.d.ts"
import highlight from "highlight.js";
import { Marked } from "marked";
import { posix } from "node:path";
import { SECTIONS, type SitePage } from "./pages.ts";

const ALL = SECTIONS.flatMap(({ pages }) => pages);
/** Languages by the names that blocks of code have; WGSL is closest to Rust. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ts: "typescript",
  sh: "bash",
  python: "python",
  wgsl: "rust",
};

/** Files that browsers show themselves. */
export const PICTURE = /\.(gif|png|svg)$/;

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** The way from a page of the site to a file of it. */
const way = (from: SitePage, to: string) => posix.relative(posix.dirname(from.target), to);

/**
 * Where a link of a page leads on the site.
 *
 * @param page The page.
 * @param href What its Markdown says.
 * @returns A page of the site, a picture in `files/`, or a page there that shows another file.
 */
export function siteLink(page: SitePage, href: string): string {
  if (/^(https?:|#)/.test(href)) return href;
  const [path, anchor] = href.split("#");
  const file = posix.normalize(posix.join(posix.dirname(page.source), path!));
  const target = ALL.find(({ source }) => source === file)?.target ??
    `files/${file}${PICTURE.test(file) ? "" : ".html"}`;
  return `${way(page, target)}${anchor === undefined ? "" : `#${anchor}`}`;
}

/**
 * Makes a page of the site.
 *
 * @param page The page.
 * @param markdown Its text.
 * @param extras Other parts of the site, by their names.
 * @returns The HTML, and the files of the repository that it leads to.
 */
export function renderPage(
  page: SitePage,
  markdown: string,
  extras: Readonly<Record<string, string>>,
): { html: string; files: string[] } {
  const slugger = new GithubSlugger();
  const files = new Set<string>();
  const link = (href: string) => {
    const to = siteLink(page, href);
    const [, file] = /(?:^|\/)files\/([^#]+)/.exec(to) ?? [];
    if (file !== undefined) files.add(file.replace(/\.html$/, ""));
    return escape(to);
  };
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        const id = slugger.slug(text.replaceAll(/[`*]/g, ""));
        const inner = this.parser.parseInline(tokens);
        return depth === 1
          ? `<h1 id="${id}">${inner}</h1>\n`
          : `<h${depth} id="${id}"><a href="#${id}">${inner}</a></h${depth}>\n`;
      },
      code({ text, lang = "" }) {
        return codeBlock(text, lang);
      },
      link({ href, tokens }) {
        return `<a href="${link(href)}">${this.parser.parseInline(tokens)}</a>`;
      },
      image({ href, text }) {
        return `<img src="${link(href)}" alt="${escape(text)}">`;
      },
      table({ header, rows, align }) {
        const cell = (tag: string, cells: typeof header) =>
          cells.map(({ tokens }, i) =>
            `<${tag}${align[i] === "right" ? ' style="text-align: right"' : ""}>${
              this.parser.parseInline(tokens)
            }</${tag}>`
          ).join("");
        const body = rows.map((cells) => `<tr>${cell("td", cells)}</tr>`).join("\n");
        return `<div class="scroll" tabindex="0"><table><thead><tr>${
          cell("th", header)
        }</tr></thead><tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
  const main = marked.parse(markdown, { async: false });
  return { html: frame(page, main, extras), files: [...files] };
}

/**
 * Makes a page that shows a file.
 *
 * @param file Its path, from the repository's folder.
 * @param text What it holds.
 * @param extras Other parts of the site, by their names.
 * @returns The HTML.
 */
export function renderFile(
  file: string,
  text: string,
  extras: Readonly<Record<string, string>>,
): string {
  const page: SitePage = { source: file, target: `files/${file}.html`, name: file };
  return frame(
    page,
    `<h1><code>${escape(file)}</code></h1>\n${codeBlock(text, /\w+$/.exec(file)![0])}`,
    extras,
  );
}

/** A class's name up to its digit, and what is left of it, as in "Conv2" and "d". */
const CUT_NAME = /(<span class="hljs-title class_">\w+)<\/span>(\w+)/g;

function codeBlock(text: string, lang: string): string {
  const language = LANGUAGES[lang.split(" ")[0]!];
  const inner = language
    ? highlight.highlight(text, { language, ignoreIllegals: true }).value
      // It ends names of classes behind digits.
      .replaceAll(CUT_NAME, "$1$2</span>")
    : escape(text);
  return `<pre class="scroll" tabindex="0"><code>${inner}</code></pre>\n`;
}

function frame(page: SitePage, main: string, extras: Readonly<Record<string, string>>): string {
  const place = ALL.indexOf(page);
  const [before, after] = [ALL[place - 1], ALL[place + 1]];
  const item = (to: SitePage, text = to.name) =>
    `<a href="${way(page, to.target)}"${to === page ? ' aria-current="page"' : ""}>${
      escape(text)
    }</a>`;
  const lists = SECTIONS.map(({ title, pages }) =>
    `<h2>${title}</h2><ul>${pages.map((to) => `<li>${item(to)}</li>`).join("")}</ul>`
  ).join("\n");
  const others = Object.entries(extras)
    .map(([name, target]) => `<a href="${way(page, target)}">${name}</a>`).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(page.name)}${place === 0 ? "" : " - Galvani"}</title>
<link rel="stylesheet" href="${way(page, "style.css")}">
</head>
<body>
<header><div>
<a class="name" href="${way(page, "index.html")}">Galvani</a>
<nav>
<a href="${way(page, "tutorials/1_first_network.html")}">Tutorials</a>
<a href="${way(page, "cli.html")}">Command line</a>
${others}
<a href="${way(page, "docs.html")}">All pages</a>
</nav>
</div></header>
<div class="columns">
<main>
${main}
<nav class="pages" aria-label="Next pages"><span>${
    place >= 0 && before ? item(before, `← ${before.name}`) : ""
  }</span><span>${place >= 0 && after ? item(after, `${after.name} →`) : ""}</span></nav>
</main>
<aside><nav aria-label="Pages">
${lists}
</nav></aside>
</div>
</body>
</html>
`;
}
