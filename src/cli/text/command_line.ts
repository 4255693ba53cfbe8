import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a registry of packages keeps a module, such as `https://jsr.io/@scope/name/1.0.0/cli.ts`. */
const JSR_MODULE = /^https:\/\/jsr\.io\/(@[^/]+\/[^/]+)\/([^/]+)\/cli\.ts$/;

/**
 * A word as the system's shell takes it.
 *
 * @param word The word.
 * @param system The operating system, as `Deno.build.os`.
 * @returns The word, in quotes where it needs them.
 */
export function shellWord(word: string, system: string = Deno.build.os): string {
  if (system !== "windows") {
    return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  }
  if (/^[\w.:\\/@+-]+$/.test(word)) return word;
  // Programs take a backslash before a quote for its escape; the shell reads % in quotes, too.
  const escapes: Record<string, string> = { '"': `\\"`, "%": `"^%"` };
  const escaped = word.replace(
    /(\\*)(["%]|$)/g,
    (_, slashes: string, end: string) => slashes + slashes + (escapes[end] ?? ""),
  );
  return `"${escaped}"`;
}

/**
 * A command to be pasted into the system's shell.
 *
 * @param words The program and its arguments.
 * @returns The command.
 */
export function shellCommand(...words: readonly string[]): string {
  return words.map((word) => shellWord(word)).join(" ");
}

/**
 * What `deno run` is to be given for this program, from any folder.
 *
 * @param url The URL of `cli.ts`.
 * @returns Its path, its package or its URL.
 */
export function programSpecifier(url: string = import.meta.resolve("../../../cli.ts")): string {
  if (url.startsWith("file:")) return fileURLToPath(url);
  const [, name, version] = JSR_MODULE.exec(url) ?? [];
  return name === undefined ? url : `jsr:${name}@${version}/cli`;
}

/**
 * A call of this program that works in any folder.
 *
 * @param args The arguments.
 * @returns The command.
 */
export function hint(...args: readonly string[]): string {
  return shellCommand("deno", "run", "-A", programSpecifier(), ...args);
}

/**
 * A call of this program without arguments, as short as it works in the current folder.
 *
 * @returns The command.
 */
export function callHere(): string {
  const specifier = programSpecifier();
  const near = relative(Deno.cwd(), specifier);
  return shellCommand("deno", "run", "-A", near === "cli.ts" ? near : specifier);
}
