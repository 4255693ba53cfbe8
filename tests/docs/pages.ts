/** The pages of the docs, as their Markdown says. */

import { marked, type Token, type Tokens } from "marked";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import GithubSlugger from "github-slugger";

/** The repository's folder. */
export const ROOT = new URL("../../", import.meta.url);

/** A page of the docs. */
export interface Page {
  /** Its path, from the repository's folder. */
  readonly path: string;
  /** Where it is. */
  readonly url: URL;
  /** All that it is made of, depth first. */
  readonly tokens: readonly Token[];
}

/** All pages. */
export const PAGES: readonly Page[] = [
  ...[...Deno.readDirSync(ROOT)]
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => new URL(name, ROOT)),
  ...["bench", "docs", "links", "tests"].flatMap((folder) => pagesIn(new URL(`${folder}/`, ROOT))),
].map(pageOf);

function pagesIn(folder: URL): URL[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return pagesIn(new URL(`${name}/`, folder));
    return name.endsWith(".md") ? [new URL(name, folder)] : [];
  });
}

function pageOf(url: URL): Page {
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(Deno.readTextFileSync(url)), (token) => void tokens.push(token));
  return { path: relative(fileURLToPath(ROOT), fileURLToPath(url)), url, tokens };
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf({ tokens }: Page): Set<string> {
  const slugger = new GithubSlugger();
  const headings = tokens.filter(({ type }) => type === "heading") as Tokens.Heading[];
  return new Set(headings.map(({ text }) => slugger.slug(text.replaceAll(/[`*]/g, ""))));
}

/** The blocks of code of a page. */
export function codeOf({ tokens }: Page): Tokens.Code[] {
  return tokens.filter(({ type }) => type === "code") as Tokens.Code[];
}
