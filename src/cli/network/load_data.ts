import { formatShape } from "../../core/shape.ts";
import type { DatasetSplits } from "../../datasets/dataset.ts";
import type { TrainOptions } from "../options/options.ts";
import { DATASETS } from "./datasets.ts";
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
  const { dataset } = options;
  const data = await loadPictures(
    { dataset, ...directory === undefined ? {} : { datasetDir: directory } },
    datasetDir === undefined ? path : undefined,
  );
  const { shape, classes: labels } = data.test;
  if (formatShape(shape) !== formatShape(input) || labels > classes) {
    throw new SyntaxError(
      `Cannot use "${path}" with ${
        directory === undefined ? DATASETS[dataset].title : `"${directory}"`
      } as it was trained for pictures of ${sizeText(input)} and ${classes} classes: ` +
        `they have ${sizeText(shape)} and ${labels}`,
    );
  }
  return data;
}

/**
 * Loads pictures to train and to test with.
 *
 * @param options Which data set, and the folder with its files if it isn't where it usually is.
 * @param source The checkpoint that names the folder, if one does.
 * @returns The pictures.
 * @throws {Error} If a file is missing or damaged; the message says where the folder's name is from.
 */
export async function loadPictures(
  { dataset, datasetDir }: Pick<TrainOptions, "dataset" | "datasetDir">,
  source?: string,
): Promise<DatasetSplits> {
  const { load } = DATASETS[dataset];
  try {
    return await load(datasetDir === undefined ? {} : { directory: datasetDir });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (datasetDir === undefined) {
      throw new Error(`${error.message}; train --download gets them`, { cause: error });
    }
    if (source === undefined) throw error;
    throw new Error(
      `${error.message}: "${source}" names this folder; --dataset-dir names another`,
      { cause: error },
    );
  }
}

/** What a sample has, for messages: rows and columns of a picture. */
const sizeText = (shape: readonly number[]) =>
  shape.length === 1 ? `${shape[0]} channels` : shape.slice(1).join(" x ");
