import { basename, join, resolve } from "node:path";
import type { DatasetSplits } from "../../datasets/dataset.ts";
import { accuracyCurve } from "../../plots/accuracy_curve.ts";
import { confusionMatrix } from "../../plots/confusion_matrix.ts";
import { featureMaps } from "../../plots/feature_maps.ts";
import { filterPictures } from "../../plots/filter_pictures.ts";
import { reportHtml } from "../../plots/report.ts";
import { weightPictures } from "../../plots/weight_pictures.ts";
import { energyOf } from "../../model/energy.ts";
import type { Evaluation } from "../../model/evaluation.ts";
import type { ReportTable } from "../../plots/report_data.ts";
import { energyRows, energyVerdict } from "../text/energy_text.ts";
import type { Recording } from "../../model/recording.ts";
import type { TrainerState } from "../../training/trainer_state.ts";
import { hint, shellCommand } from "../text/command_line.ts";
import { namedLabel } from "../text/classification_text.ts";
import { classNamesOf } from "../network/datasets.ts";
import { writeWhole } from "./files.ts";
import { layerWeights } from "../network/layer_weights.ts";
import type { TrainOptions } from "../options/options.ts";
import { RUN_FILES } from "./run_file_names.ts";
import type { EpochMetrics } from "./run_metrics.ts";
import { type SamplePlotName, samplePlots } from "./sample_plots.ts";
import { writePlot } from "./write_plot.ts";
import { optionRows } from "../options/option_rows.ts";

/** What the plots and the report of a run show. */
export interface RunData {
  /** The run's options. */
  readonly options: TrainOptions;
  /** What each finished epoch gave; at least one. */
  readonly epochs: readonly EpochMetrics[];
  /** The adapter's name. */
  readonly adapter: string;
  /** The pictures that the network was trained and tested with. */
  readonly data: DatasetSplits;
  /** What the network learned. */
  readonly parameters: TrainerState["parameters"];
  /** Its simulation of the first test picture. */
  readonly recording: Recording;
  /** Its test. */
  readonly evaluation: Evaluation;
  /** What looked wrong after the last epoch, a line each. */
  readonly alarms: readonly string[];
}

/** A plot and its file. */
interface Plot {
  /** The file's name without its ending. */
  readonly name: string;
  /** What it shows. */
  readonly caption: string;
  /** Its SVG. */
  readonly svg: string;
}

/**
 * Writes the plots of a run, each as SVG and PNG, and `report.html`.
 *
 * @param folder The run's folder.
 * @param data What they show.
 * @returns The files, the report last.
 */
export async function writeRunPlots(folder: string, data: RunData): Promise<string[]> {
  const plots = await runPlots(data);
  const paths: string[] = [];
  for (const plot of plots) paths.push(...await writePlot(folder, plot));
  const page = join(folder, "report.html");
  await writeWhole(page, report(folder, data, plots));
  return [...paths, page];
}

async function runPlots(run: RunData): Promise<Plot[]> {
  const { epochs, parameters, recording, evaluation, options } = run;
  const { labels, shape } = run.data.test;
  const width = shape.at(-1)!;
  // The pictures of several channels lie below one another.
  const height = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const test = epochs.map(({ testAccuracy }) => testAccuracy);
  const size = { height, width };
  const classNames = classNamesOf(options.dataset);
  const named = (label: number) => namedLabel(label, classNames);
  const { content } = run.data.test;
  const captions: Readonly<Record<SamplePlotName, string>> = {
    input:
      `The ${
        content.kind === "events" ? "events of the first test recording" : "first test picture"
      }, ` +
      `label ${named(labels![0]!)}: the answer is ${named(recording.answer)}`,
    event_picture: "Where it has them",
    "1d_spikes": "Spikes of the last neurons for that picture",
    "2d_heatmap": "Their membrane potential after the reset",
    potentials: "Potentials of the readout for that picture",
  };
  const sample = await samplePlots(run.data.test.take([0]), recording, options);
  return [
    {
      name: "accuracy",
      caption: "Accuracy after each epoch",
      svg: await accuracyCurve({ train: epochs.map(({ trainAccuracy }) => trainAccuracy), test }),
    },
    ...sample.map((plot) => ({ ...plot, caption: captions[plot.name] })),
    ...await featureMapPlots(recording, options.timeSteps),
    ...await weightPlots(parameters, size),
    {
      name: "confusion",
      caption: "How often each label got which answer in the test" +
        (classNames ? `: ${classNames.map((name, i) => `${i} ${name}`).join(", ")}` : ""),
      svg: await confusionMatrix(evaluation.confusion, {
        classes: Math.sqrt(evaluation.confusion.length),
      }),
    },
  ];
}

/** What the layers do whose neurons lie in maps, for the first test picture. */
async function featureMapPlots({ layers }: Recording, timeSteps: number): Promise<Plot[]> {
  const plots = layers.map(async ({ layer, kind, shape, spikes }): Promise<Plot[]> => {
    const [channels = 0, height = 0, width = 0] = shape;
    if (!spikes || shape.length !== 3) return [];
    const title = `Firing rates of ${layer}, ${kind}`;
    return [{
      name: `feature_maps_${layer.replaceAll(".", "_")}`,
      caption: `Firing rates of ${layer}, ${kind}, for that picture`,
      svg: await featureMaps(spikes, { timeSteps, channels, height, width, title }),
    }];
  });
  return (await Promise.all(plots)).flat();
}

/** What the first layer learned: filters of a convolution, or pictures. */
async function weightPlots(
  parameters: RunData["parameters"],
  size: { readonly height: number; readonly width: number },
): Promise<Plot[]> {
  const [filters] = layerWeights(parameters, 4);
  if (filters) {
    const [outputs = 0, inputs = 0, height = 0, width = 0] = filters.shape;
    return [{
      name: "filters",
      caption: "Filters of the first convolution",
      svg: await filterPictures(filters.data as Float32Array, { outputs, inputs, height, width }),
    }];
  }
  const [weights] = layerWeights(parameters, 2);
  // What reads a column of a picture at each time step has no weights of pictures.
  if (weights!.shape[1]! % (size.height * size.width) !== 0) return [];
  return [{
    name: "weights",
    caption: "Weights of the first layer, a picture for each of its outputs",
    svg: await weightPictures(weights!.data as Float32Array, size),
  }];
}

function report(folder: string, run: RunData, [curve, ...figures]: readonly Plot[]): string {
  const { options, epochs, adapter, data, evaluation } = run;
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const { batchSize } = options;
  const stepsNow = Math.floor(data.train.count / batchSize);
  const images = epochs.reduce((sum, { steps = stepsNow }) => sum + steps * batchSize, 0);
  const best = resolve(folder, RUN_FILES.best);
  const latest = resolve(folder, RUN_FILES.latest);
  return reportHtml({
    title: basename(folder),
    adapter,
    seconds,
    imagesPerSecond: images / seconds,
    options: optionRows(options),
    epochs,
    curve: curve!,
    figures,
    firingRates: evaluation.firing.map(({ layer, kind, meanRate }) => ({
      layer: `${layer}, ${kind}`,
      rate: meanRate,
    })),
    tables: energyTables(evaluation),
    alarms: run.alarms,
    commands: [
      { purpose: "Test the best network", command: hint("evaluate", best) },
      { purpose: "Ask it about a picture", command: hint("classify", best, "--index", "1") },
      {
        purpose: "Train on",
        command: hint("train", "--resume", latest, "-N", String(2 * epochs.length)),
      },
      {
        purpose: "See it in TensorBoard",
        command: shellCommand("tensorboard", "--logdir", resolve(folder)),
      },
    ],
  });
}

/** What the operations of a picture take, where they were counted. */
function energyTables({ counts }: Evaluation): ReportTable[] {
  if (!counts) return [];
  const energy = energyOf(counts);
  return [{
    heading: "Energy of a picture",
    text: `By ${energy.costs.name}: ${energyVerdict(counts, energy)}.`,
    rows: energyRows(counts, energy),
  }];
}
