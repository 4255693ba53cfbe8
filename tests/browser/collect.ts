import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../support/temporary_folder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs suites and `more_networks.ts`, and collects the texts of the kernels that they compile. Whether they pass is for
 * themselves to say.
 *
 * @param suites Folders of `tests/`.
 * @param env Variables of the environment: how kernels are cut.
 * @returns The texts by their hashes.
 */
export async function collectKernels(
  suites: readonly string[],
  env: Record<string, string>,
): Promise<Map<string, string>> {
  await using folder = await temporaryFolder();
  const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const preload = ["-A", "--no-check", "--preload", file("./collect_kernels.ts")];
  for (
    const args of [
      // One by one: a suite that doesn't load would take the others with it.
      ...suites.map((name) => ["test", ...preload, `tests/${name}`]),
      ["run", ...preload, file("./more_networks.ts")],
    ]
  ) {
    await new Deno.Command(Deno.execPath(), {
      args,
      cwd: ROOT,
      env: { ...env, GALVANI_KERNELS: folder.path },
      stdout: "null",
      stderr: "null",
    }).output();
  }
  const texts = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder.path)) {
    texts.set(name, await Deno.readTextFile(`${folder.path}/${name}`));
  }
  return texts;
}
