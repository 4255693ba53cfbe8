import { assert } from "@std/assert";
import type { Dataset } from "../../src/datasets/mod.ts";
import { idxFile } from "./idx_file.ts";

/** Files by their names. */
export type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** A data set of 4 and 2 pictures of 5 x 7, the largest label in the test part. */
export const FILES: Files = {
  "train-images-idx3-ubyte": idxFile([4, 5, 7]),
  "train-labels-idx1-ubyte": idxFile([4], [0, 1, 1, 0]),
  "t10k-images-idx3-ubyte": idxFile([2, 5, 7]),
  "t10k-labels-idx1-ubyte": idxFile([2], [2, 0]),
};

/**
 * Calls a function with a directory of files, then removes it.
 *
 * @param files The files.
 * @param use The function; it gets the directory's path.
 */
export async function withDirectory(
  files: Files,
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.writeFile(`${directory}/${name}`, bytes);
    }
    await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/**
 * The grey values of a data set, which are bytes.
 *
 * @param dataset The data set.
 * @returns Its bytes.
 */
export function bytesOf({ content }: Dataset): Uint8Array {
  assert(content.kind === "bytes");
  return content.data;
}

/**
 * What a data set of bytes and classes consists of.
 *
 * @param dataset The data set.
 * @returns Its parts.
 */
export function partsOf(dataset: Dataset): Record<string, unknown> {
  const { shape, classes, labels = [] } = dataset;
  return { shape, data: bytesOf(dataset), labels: Array.from(labels), classes };
}
