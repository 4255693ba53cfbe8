import type { DatasetSplits } from "./dataset.ts";
import type { LoadIdxFile } from "./idx_files.ts";
import { loadSplits } from "./idx_splits.ts";
import { webLoader } from "./idx_web.ts";

/**
 * Loads a data set from a directory with MNIST's four files, here or on the web.
 *
 * @param directory Its path, or its URL.
 * @param onProgress Is told how many bytes of files from the web have come so far, of all files together.
 * @returns The data set's two parts.
 * @throws {Deno.errors.NotFound} If the directory or one of the files is missing.
 * @throws {SyntaxError} If a file is damaged, or the files do not fit together.
 * @throws {TypeError | RangeError} If the directory is neither a path nor the URL of one.
 * @throws {Error} If a file of the web is missing or doesn't come.
 */
export async function loadIdxFolder(
  directory: string | URL,
  onProgress?: (receivedBytes: number) => void,
): Promise<DatasetSplits> {
  return await loadSplits(await loaderOf(directory, onProgress));
}

async function loaderOf(
  directory: string | URL,
  onProgress: ((receivedBytes: number) => void) | undefined,
): Promise<LoadIdxFile> {
  if (typeof directory !== "string" && !(directory instanceof URL)) {
    throw new TypeError(
      `Cannot load a data set as its directory must be a path or a URL: current value is ${directory}`,
    );
  }
  if (directory instanceof URL && /^https?:$/.test(directory.protocol)) {
    return webLoader(directory, onProgress);
  }
  if (directory instanceof URL && directory.protocol !== "file:") {
    throw new RangeError(
      "Cannot load a data set as the URL of its directory must begin with file:, https: or http:: " +
        `current value is ${directory}`,
    );
  }
  assertDeno(`a data set from "${directory}"`);
  return await (await import("./idx_directory.ts")).directoryLoader(directory);
}

/**
 * Makes sure that there are directories and npm's packages, which browsers don't have.
 *
 * @param what What is to be loaded.
 * @throws {Error} If this isn't Deno.
 */
export function assertDeno(what: string): void {
  if ("Deno" in globalThis) return;
  throw new Error(
    `Cannot load ${what} as there is no Deno here: its directory must be a URL of the web, ` +
      'such as new URL("https://example.org/mnist")',
  );
}
