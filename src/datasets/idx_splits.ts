import { Dataset, type DatasetSplits } from "./dataset.ts";
import { IDX_FILES, type LoadedArray, type LoadIdxFile } from "./idx_files.ts";

/**
 * Loads the four files and makes the two parts of a data set of them.
 *
 * @param load What loads a file.
 * @returns The parts; pictures and labels are views on the files' bytes.
 * @throws {Error} If a file can't be loaded.
 * @throws {SyntaxError} If the files don't fit together.
 */
export async function loadSplits(load: LoadIdxFile): Promise<DatasetSplits> {
  const ended = new AbortController();
  const { signal } = ended;
  const { trainImages, trainLabels, testImages, testLabels } = IDX_FILES;
  const loads = [
    load(trainImages, signal),
    load(trainLabels, signal),
    load(testImages, signal),
    load(testLabels, signal),
  ] as const;
  try {
    return makeSplits(...await Promise.all(loads));
  } finally {
    // If a file is missing, nobody waits for the others.
    ended.abort();
    await Promise.allSettled(loads);
  }
}

/** Makes the two parts of the four files, if they fit together. */
function makeSplits(
  trainImages: LoadedArray,
  trainLabels: LoadedArray,
  testImages: LoadedArray,
  testLabels: LoadedArray,
): DatasetSplits {
  const classes = 1 + Math.max(largest(trainLabels), largest(testLabels));
  const train = combine(trainImages, trainLabels, classes);
  const test = combine(testImages, testLabels, classes);
  if (train.shape.join() !== test.shape.join()) {
    const size = ({ shape: [, height, width] }: Dataset) => `${height} x ${width}`;
    throw new SyntaxError(
      `Cannot use "${trainImages.path}" with "${testImages.path}" as their pictures differ in size: ` +
        `${size(train)} and ${size(test)}`,
    );
  }
  return { train, test };
}

function largest(labels: LoadedArray): number {
  return labels.data.reduce((most, label) => Math.max(most, label), 0);
}

/** Makes a data set of pictures and labels, if they fit together. */
function combine(images: LoadedArray, labels: LoadedArray, classes: number): Dataset {
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
  return new Dataset({
    shape: [1, height, width],
    content: { kind: "bytes", data: images.data },
    labels: labels.data,
    classes,
  });
}
