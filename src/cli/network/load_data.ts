import { formatShape } from "../../core/shape.ts";
import type { DatasetSplits } from "../../datasets/dataset.ts";
import { loadMnist } from "../../datasets/mnist.ts";
import type { TrainedNetwork } from "./load_checkpoint.ts";

/**
 * Loads a data set.
 *
 * @param directory Its folder; MNIST without one.
 * @param from The checkpoint that names the folder, where nobody gave it.
 * @returns The pictures.
 * @throws {Error} If they can't be loaded.
 */
export async function loadData(
  directory: string | undefined,
  from?: TrainedNetwork,
): Promise<DatasetSplits> {
  try {
    return await loadMnist(directory === undefined ? {} : { directory });
  } catch (error) {
    if (!from || !isMissing(error)) throw error;
    // Who reads it may never have heard of that folder.
    throw new Error(
      `${error.message}: "${from.path}" was trained with it; --dataset-dir takes another folder`,
      { cause: error },
    );
  }
}

/**
 * Loads the pictures for a network that was trained.
 *
 * @param trained The network.
 * @param datasetDir The folder that was asked for; by default that of the training.
 * @returns The pictures.
 * @throws {SyntaxError} If the pictures or their classes don't fit the network.
 * @throws {Error} If they can't be loaded.
 */
export async function loadDataFor(
  trained: TrainedNetwork,
  datasetDir?: string,
): Promise<DatasetSplits> {
  const directory = datasetDir ?? trained.options.datasetDir;
  const data = await loadData(directory, datasetDir === undefined ? trained : undefined);
  checkData(trained, data, directory);
  return data;
}

/**
 * Checks that pictures and their classes fit a network that was trained.
 *
 * @param trained The network.
 * @param data The pictures.
 * @param directory Their folder; MNIST without one.
 * @throws {SyntaxError} If they don't.
 */
export function checkData(
  { path, input, classes }: TrainedNetwork,
  data: DatasetSplits,
  directory: string | undefined,
): void {
  const { shape, classes: labels } = data.test;
  if (formatShape(shape) === formatShape(input) && labels <= classes) return;
  const source = directory === undefined ? "MNIST" : `"${directory}"`;
  throw new SyntaxError(
    `Cannot use "${path}" with ${source} as it was trained for pictures of ${
      sizeText(input)
    } and ` +
      `${classes} classes: they have ${sizeText(shape)} and ${labels}`,
  );
}

/** Rows and columns of a picture, for messages. */
const sizeText = ([, height, width]: readonly number[]) => `${height} x ${width}`;

const isMissing = (error: unknown): error is Error =>
  error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
