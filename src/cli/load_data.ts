import { formatShape } from "../core/shape.ts";
import type { DatasetSplits } from "../datasets/dataset.ts";
import { loadMnist } from "../datasets/mnist.ts";
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
  { path, options, input, classes }: TrainedNetwork,
  datasetDir = options.datasetDir,
): Promise<DatasetSplits> {
  const data = await loadMnist(datasetDir === undefined ? {} : { directory: datasetDir });
  const { shape, classes: labels } = data.test;
  if (formatShape(shape) !== formatShape(input) || labels > classes) {
    throw new SyntaxError(
      `Cannot use "${path}" with ${
        datasetDir === undefined ? "MNIST" : `"${datasetDir}"`
      } as it was trained for pictures of ${sizeText(input)} and ${classes} classes: ` +
        `they have ${sizeText(shape)} and ${labels}`,
    );
  }
  return data;
}

/** Rows and columns of a picture, for messages. */
const sizeText = ([, height, width]: readonly number[]) => `${height} x ${width}`;
