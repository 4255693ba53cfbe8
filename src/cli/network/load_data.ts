import type { ImageDatasetSplits } from "../../datasets/image_dataset.ts";
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
  { path, options, pixels, classes }: TrainedNetwork,
  datasetDir = options.datasetDir,
): Promise<ImageDatasetSplits> {
  const data = await loadMnist(datasetDir === undefined ? {} : { directory: datasetDir });
  const { height, width, classes: labels } = data.test;
  if (height * width !== pixels || labels > classes) {
    throw new SyntaxError(
      `Cannot use "${path}" with ${
        datasetDir === undefined ? "MNIST" : `"${datasetDir}"`
      } as it was trained for pictures of ${pixels} pixels and ${classes} classes: ` +
        `they have ${height} x ${width} and ${labels}`,
    );
  }
  return data;
}
