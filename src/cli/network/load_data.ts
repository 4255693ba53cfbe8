import { formatShape } from "../../core/shape.ts";
import type { DatasetSplits } from "../../datasets/dataset.ts";
import { loadMnist } from "../../datasets/mnist.ts";
import type { TrainedNetwork } from "./load_checkpoint.ts";

/**
 * Loads the pictures for a network that was trained.
 *
 * @param trained The network.
 * @param datasetDir The folder that was asked for; by default that of the training.
 * @returns The pictures.
 * @throws {SyntaxError} If the pictures or their classes don't fit the network.
 */
export async function loadData(
  trained: TrainedNetwork,
  datasetDir?: string,
): Promise<DatasetSplits> {
  const { path, options, input, classes } = trained;
  const directory = datasetDir ?? options.datasetDir;
  const data = await loadPictures(directory, datasetDir === undefined ? path : undefined);
  const { shape, classes: labels } = data.test;
  if (formatShape(shape) !== formatShape(input) || labels > classes) {
    throw new SyntaxError(
      `Cannot use "${path}" with ${
        directory === undefined ? "MNIST" : `"${directory}"`
      } as it was trained for pictures of ${sizeText(input)} and ${classes} classes: ` +
        `they have ${sizeText(shape)} and ${labels}`,
    );
  }
  return data;
}

/**
 * Loads pictures to train and to test with.
 *
 * @param directory The folder with IDX files; MNIST without one.
 * @param source The checkpoint that names the folder, if one does.
 * @returns The pictures.
 * @throws {Error} If a file is missing or damaged; the message says where the folder's name is from.
 */
export async function loadPictures(
  directory: string | undefined,
  source?: string,
): Promise<DatasetSplits> {
  if (directory === undefined) return await loadMnist();
  try {
    return await loadMnist({ directory });
  } catch (error) {
    if (source === undefined || !(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `${error.message}: "${source}" names this folder; --dataset-dir names another`,
      { cause: error },
    );
  }
}

/** Rows and columns of a picture, for messages. */
const sizeText = ([, height, width]: readonly number[]) => `${height} x ${width}`;
