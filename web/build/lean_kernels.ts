import { join } from "node:path";

/**
 * Copies a folder of kernels, without what their texts have for people alone.
 *
 * @param from The folder.
 * @param to Where the copy comes.
 */
export async function writeLeanKernels(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await writeLeanKernels(join(from, name), join(to, name));
    else if (!name.endsWith(".wgsl")) await Deno.copyFile(join(from, name), join(to, name));
    else {
      const text = await Deno.readTextFile(join(from, name));
      await Deno.writeTextFile(join(to, name), leanText(text));
    }
  }
}

/**
 * Takes comments, indentation, empty lines and most spaces from a kernel's text.
 *
 * @param text WGSL, a template: its directives stay as they are, a line each.
 * @returns The same program.
 */
export function leanText(text: string): string {
  return text.split("\n")
    .map((line) => line.replace(/\/\/.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => line.startsWith("#") ? line : withoutSpaces(line))
    .map((line) => `${line}\n`)
    .join("");
}

/** Without spaces beside what surely isn't part of a longer token. */
function withoutSpaces(line: string): string {
  return line.replace(/(?<=[\w\])}]) = /g, "=").replace(/ ?([,;{}()*+]) ?/g, "$1");
}
