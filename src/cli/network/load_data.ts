import { formatShape } from "../../core/shape.ts";
import type { DatasetSplits } from "../../datasets/dataset.ts";
import { ownLengths } from "../../datasets/events/own_lengths.ts";
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
    { ...options, ...directory === undefined ? {} : { datasetDir: directory } },
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

/** What says which samples there are. */
type DataOptions =
  & Pick<TrainOptions, "dataset" | "datasetDir">
  & Partial<Pick<TrainOptions, "ownLengths" | "timeSteps" | "stepDuration">>;

/** Recordings that end with their last event, where that was asked for. */
function withLengths(
  data: DatasetSplits,
  { ownLengths: asked = false, timeSteps = 1, stepDuration = 1 }: DataOptions,
): DatasetSplits {
  if (!asked) return data;
  const options = { timeSteps, stepDuration };
  return { train: ownLengths(data.train, options), test: ownLengths(data.test, options) };
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
  options: DataOptions,
  source?: string,
): Promise<DatasetSplits> {
  const { dataset, datasetDir } = options;
  const { load } = DATASETS[dataset];
  try {
    return withLengths(
      await load(datasetDir === undefined ? {} : { directory: datasetDir }),
      options,
    );
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
