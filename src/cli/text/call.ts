import { fileURLToPath } from "node:url";
import manifest from "../../../deno.json" with { type: "json" };
import { shellWord } from "./shell_word.ts";

/** What of this program says how it is started. */
export interface Program {
  /** The path of `cli.ts`; nothing where it comes from the package. */
  readonly path?: string;
  /** The program's own file, where it is compiled to one. */
  readonly executable?: string;
  /** The system. */
  readonly os?: typeof Deno.build.os;
}

const URL_OF_SELF = new URL("../../../cli.ts", import.meta.url);
const SELF: Program = {
  ...URL_OF_SELF.protocol === "file:" ? { path: fileURLToPath(URL_OF_SELF) } : {},
  ...Deno.build.standalone ? { executable: Deno.execPath() } : {},
};

/**
 * How this program is started, from whatever folder.
 *
 * @param program The program; by default this one.
 * @returns The start of a command line.
 */
export function programCall({ path, executable, os }: Program = SELF): string {
  if (executable !== undefined) return shellWord(executable, os);
  return `deno run -A ${path === undefined ? PACKAGE : shellWord(path, os)}`;
}

/** The command line as a module of the published package. */
const PACKAGE = `jsr:${manifest.name}@${manifest.version}/cli`;

/**
 * How the help calls this program: shorter, as whoever asks for help knows where it is.
 *
 * @param program The program; by default this one.
 * @returns The start of a command line.
 */
export function usageCall(program: Program = SELF): string {
  return program.executable === undefined && program.path !== undefined
    ? "deno run -A cli.ts"
    : programCall(program);
}

/**
 * A call of this program, to be pasted.
 *
 * @param args The arguments; paths should be absolute, so that it can be called from any folder.
 * @returns The command line.
 */
export function hint(...args: readonly string[]): string {
  return [programCall(), ...args.map((arg) => shellWord(arg))].join(" ");
}
