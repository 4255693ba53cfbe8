import type { DatasetSplits } from "./dataset.ts";
import { assertDeno, loadIdxFolder } from "./idx_folder.ts";

/** Options of {@linkcode loadFashionMnist}. */
export interface LoadFashionMnistOptions {
  /**
   * Where the four files are: the path of a directory, or a URL of one here (`file:`) or on the web
   * (`https:`, `http:`).
   *
   * @default {`/usr/share/datasets/fashion-mnist`, where Debian's package has them}
   */
  directory?: string | URL;
  /**
   * Is told how many bytes of files from the web have been received so far, of all files together.
   */
  onProgress?: (receivedBytes: number) => void;
}

/** The names of Fashion-MNIST's classes: `FASHION_MNIST_CLASSES[label]`. */
export const FASHION_MNIST_CLASSES: readonly string[] = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/** Where Debian's package `dataset-fashion-mnist` has its files. */
const DEBIAN = "/usr/share/datasets/fashion-mnist";

/**
 * Loads Fashion-MNIST: 60,000 pictures of clothes to learn from and 10,000 to test with, 28 x 28 each,
 * of ten classes, which {@linkcode FASHION_MNIST_CLASSES} names.
 *
 * The files are those of {@linkcode loadMnist}, `train-images-idx3-ubyte` and so on, with `.gz` or
 * without. By default they are looked for where `apt install dataset-fashion-mnist` puts them.
 *
 * Needs permission to read the directory, or to reach the web's server.
 *
 * @param options Where the data set is.
 * @returns Its two parts.
 * @throws {Deno.errors.NotFound} If the directory or one of the files is missing; without a directory,
 * the message says where to get it.
 * @throws {SyntaxError} If a file is damaged, or the files do not fit together.
 * @throws {TypeError} If the directory is neither a path nor a URL.
 * @throws {RangeError} If it is the URL of something else.
 * @throws {Error} If a file of the web is missing or doesn't come.
 *
 * @example
 * ```ts ignore
 * import { FASHION_MNIST_CLASSES, loadFashionMnist } from "@galvani/snn/datasets";
 *
 * const { train, test } = await loadFashionMnist();
 * console.log(train.count, FASHION_MNIST_CLASSES[test.labels![0]!]); // 60000 Ankle boot
 * ```
 */
export async function loadFashionMnist(
  { directory, onProgress }: LoadFashionMnistOptions = {},
): Promise<DatasetSplits> {
  if (directory !== undefined) return await loadIdxFolder(directory, onProgress);
  assertDeno("Fashion-MNIST from Debian's package");
  return await loadInstalled(DEBIAN);
}

/**
 * Loads Fashion-MNIST from where a package put it.
 *
 * @param directory The directory's path.
 * @returns Its two parts.
 * @throws {Deno.errors.NotFound} If it isn't there; the message says where to get it.
 */
export async function loadInstalled(directory: string): Promise<DatasetSplits> {
  try {
    return await loadIdxFolder(directory);
  } catch (error) {
    // Browsers have no class for it.
    if (!(error instanceof Error && error.name === "NotFound")) throw error;
    error.message = `Cannot load Fashion-MNIST as it isn't in "${directory}": install Debian's ` +
      "package dataset-fashion-mnist, or name a directory with its four files, which " +
      "https://github.com/zalandoresearch/fashion-mnist has";
    throw error;
  }
}
