import { fileURLToPath } from "node:url";

/** The Python with the packages of `requirements.txt`; without it, its tests are ignored. */
export const PYTHON: string | undefined = Deno.env.get("GALVANI_PYTHON");

/**
 * Reads files with a Python program.
 *
 * @param script The name of a script in this folder; it prints JSON.
 * @param paths What the script gets as arguments.
 * @returns What it printed.
 */
export async function readWithPython(script: string, ...paths: string[]): Promise<unknown> {
  if (!PYTHON) throw new Error(`Cannot run "${script}" as GALVANI_PYTHON isn't set`);
  const { code, stdout, stderr } = await new Deno.Command(PYTHON, {
    args: [fileURLToPath(new URL(script, import.meta.url)), ...paths],
  }).output();
  if (code !== 0) {
    throw new Error(`Cannot read with "${script}": ${new TextDecoder().decode(stderr)}`);
  }
  return JSON.parse(new TextDecoder().decode(stdout));
}
