import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs `networks.ts`, and collects the texts of the kernels that it compiles.
 *
 * @param folder Where the texts go, by their hashes.
 * @param preset How kernels are cut, see `collect_kernels.ts`.
 * @throws {Error} If it fails.
 */
export async function collectKernels(folder: string, preset: string): Promise<void> {
  const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--preload",
      file("./collect_kernels.ts"),
      file("./networks.ts"),
    ],
    cwd: ROOT,
    env: { GALVANI_KERNELS: folder, GALVANI_PRESET: preset },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/**
 * Reads the texts that were collected in a folder.
 *
 * @param folder The folder.
 * @returns The texts by their hashes.
 */
export async function readKernels(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    texts.set(name, await Deno.readTextFile(`${folder}/${name}`));
  }
  return texts;
}
