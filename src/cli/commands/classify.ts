import type { Dataset } from "../../datasets/dataset.ts";
import { classNamesOf } from "../network/datasets.ts";
import { imageDataset } from "../../datasets/make.ts";
import { classificationText, NO_SPIKES } from "../text/classification_text.ts";
import type { Command } from "../options/command.ts";
import {
  CHECKPOINT,
  DEVICE,
  type DeviceOptions,
  GPU,
  JSON_FILE,
  SAME_DATASET,
} from "../options/common_options.ts";
import { readCheckpoint, restoreModel, type TrainedNetwork } from "../network/load_checkpoint.ts";
import { endsInSpikes } from "../network/ends_in_spikes.ts";
import { loadData } from "../network/load_data.ts";
import type { Prediction } from "../../model/model_options.ts";
import { openGpu } from "../device/open_gpu.ts";
import type { Recording } from "../../model/recording.ts";
import { samplePlots } from "../run/sample_plots.ts";
import { writePlot } from "../run/write_plot.ts";
import { readPicture } from "../network/read_picture.ts";
import { standardOutput } from "../text/terminal.ts";
import { writeJson } from "../run/write_json.ts";

/** The options of `classify`. */
export interface ClassifyOptions extends DeviceOptions {
  /** The checkpoint. */
  readonly checkpoint: string;
  /** Which of the test pictures. */
  readonly index: number;
  /** A PNG file instead. */
  readonly image?: string;
  /** Whether the file is black on white. */
  readonly invert: boolean;
  /** A folder with IDX files; the data set of the training without one. */
  readonly datasetDir?: string;
  /** The folder that plots are written to. */
  readonly plotDir?: string;
  /** The file that the result is written to as JSON. */
  readonly json?: string;
}

/** The command `classify`. */
export const CLASSIFY: Command<ClassifyOptions> = {
  name: "classify",
  summary: "Ask a trained network about a test picture or a PNG file",
  description:
    "Shows one picture, or one recording of events, to a trained network: how often each of the last neurons fires, " +
    "and the answer. A PNG file becomes grey and is scaled to the size of the network's pictures, " +
    "each pixel the mean of the area that it covers; MNIST's are white on black.",
  positionals: [CHECKPOINT],
  options: [
    {
      field: "index",
      names: ["index"],
      kind: { type: "integer", least: 0, most: 2 ** 31 - 1 },
      fallback: "0",
      help: "Which of the test pictures",
      check: (_, given) => given.has("image") ? "doesn't go with --image" : undefined,
    },
    {
      field: "image",
      names: ["image"],
      kind: { type: "text", placeholder: "FILE" },
      help: "A PNG file instead",
    },
    {
      field: "invert",
      names: ["invert"],
      kind: { type: "flag" },
      help:
        "The PNG file is black on white: swap both. What is transparent counts as white then, " +
        "else as black",
      check: (_, given) => given.has("image") ? undefined : "needs --image",
    },
    {
      ...SAME_DATASET,
      check: (_, given) =>
        given.has("image") ? "doesn't go with --image, which needs no data set" : undefined,
    },
    {
      field: "plotDir",
      names: ["plot-dir"],
      kind: { type: "text", placeholder: "DIR" },
      help:
        "Plot the picture, or when and where a recording has events, and what the last neurons " +
        "do, into this folder",
    },
    DEVICE,
    GPU,
    JSON_FILE,
  ],
  examples: [
    "logs/T100_b128_adam_lr0.001/checkpoint_max.safetensors",
    "net.safetensors --index 17 --json answer.json",
    "net.safetensors --image digit.png --invert",
    "net.safetensors --index 3 --plot-dir plots",
  ],
};

/** The picture that is classified. */
interface Question {
  /** A data set of it alone. */
  readonly dataset: Dataset;
  /** What to call it. */
  readonly name: string;
  /** Its label, where it has one. */
  readonly label?: number;
}

/**
 * Classifies a picture and prints the answer.
 *
 * @param options The command's options.
 */
export async function classify(options: ClassifyOptions): Promise<void> {
  const trained = await readCheckpoint(options.checkpoint);
  const { dataset, name, label } = options.image === undefined
    ? await testPicture(trained, options)
    : await picture(trained, options.image, options.invert);
  using gpu = await openGpu(options);
  using model = await restoreModel(gpu, trained);
  const [prediction] = await model.predict(dataset) as [Prediction];
  const { scores } = prediction;
  const quantity = endsInSpikes(trained.network) ? "firing rates" : "values";
  // The first of equal scores isn't what the network says.
  const isSilent = quantity === "firing rates" && scores.every((rate) => rate === 0);
  const answer = isSilent ? undefined : prediction.answer;
  const result = { picture: name, answer, ...label === undefined ? {} : { label } };
  const paths = options.plotDir === undefined
    ? []
    : await writePlots(options.plotDir, dataset, await model.record(dataset), trained.options);
  const classNames = classNamesOf(trained.options.dataset);
  console.log(classificationText({ ...result, classNames, quantity, scores }, standardOutput()));
  if (paths.length > 0) console.log(paths.join("\n"));
  if (options.json === undefined) return;
  const key = quantity === "values" ? "values" : "firingRates";
  await writeJson(options.json, {
    checkpoint: options.checkpoint,
    ...result,
    ...isSilent ? { answer: null, reason: NO_SPIKES } : {},
    ...classNames ? { classes: classNames } : {},
    [key]: scores,
  });
}

/** Plots the picture and what the network does with it. */
async function writePlots(
  folder: string,
  dataset: Dataset,
  recording: Recording,
  options: TrainedNetwork["options"],
): Promise<string[]> {
  await Deno.mkdir(folder, { recursive: true }).catch((cause) => {
    throw new Error(`Cannot create the folder "${folder}": ${cause.message}`, { cause });
  });
  const paths: string[] = [];
  for (const plot of await samplePlots(dataset, recording, options)) {
    paths.push(...await writePlot(folder, plot));
  }
  return paths;
}

async function testPicture(
  trained: TrainedNetwork,
  { index, datasetDir }: ClassifyOptions,
): Promise<Question> {
  const { test } = await loadData(trained, datasetDir);
  if (index >= test.count) {
    throw new RangeError(
      `Cannot classify test picture ${index} as there are ${test.count}, from 0`,
    );
  }
  return {
    dataset: test.take([index]),
    name: `Test picture ${index}`,
    label: test.labels![index]!,
  };
}

async function picture(
  { input: [channels, height = 1, width = 1] }: TrainedNetwork,
  path: string,
  invert: boolean,
): Promise<Question> {
  if (channels !== 1) {
    throw new RangeError(
      `Cannot classify "${path}" as a PNG file becomes grey: the network's pictures have ` +
        `${channels} channels`,
    );
  }
  const images = await readPicture(path, { height, width }, invert);
  return { dataset: imageDataset(images, { shape: [1, height, width] }), name: path };
}
