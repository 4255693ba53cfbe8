import type { Dataset } from "../../datasets/dataset.ts";
import type { Recording } from "../../model/recording.ts";
import { eventPicture } from "../../plots/event_picture.ts";
import { eventRaster } from "../../plots/event_raster.ts";
import { heatMap } from "../../plots/heat_map.ts";
import { picture } from "../../plots/picture.ts";
import { spikeRaster } from "../../plots/spike_raster.ts";
import type { TrainOptions } from "../options/options.ts";
import { lastNeurons } from "./run_files.ts";

/** What a plot of a sample shows. */
export type SamplePlotName =
  | "input"
  | "event_picture"
  | "1d_spikes"
  | "2d_heatmap"
  | "potentials";

/** A plot of a sample. */
export interface SamplePlot {
  /** What it shows; its file's name without its ending. */
  readonly name: SamplePlotName;
  /** Its SVG. */
  readonly svg: string;
}

/** Neurons that don't fire: their potentials are what a network ends in. */
const INTEGRATORS = ["LiNode", "CubaLiNode"];

/**
 * Plots a sample, and what the last neurons do when the network sees it.
 *
 * @param sample The sample: a picture, or events.
 * @param recording The network's simulation of it.
 * @param options The network's time steps.
 * @returns The picture, or when and where it has events; spikes and potentials of the last neurons that
 * fire; the potentials of a readout.
 */
export async function samplePlots(
  sample: Dataset,
  { layers }: Recording,
  options: Pick<TrainOptions, "timeSteps" | "stepDuration">,
): Promise<SamplePlot[]> {
  const { timeSteps } = options;
  const plots = await inputPlots(sample, options);
  const last = lastNeurons(layers);
  if (last) {
    const rows = { timeSteps, neurons: last.spikes!.length / timeSteps };
    plots.push(
      { name: "1d_spikes", svg: await spikeRaster(last.spikes!, rows) },
      { name: "2d_heatmap", svg: await heatMap(last.traces["v"]!, rows) },
    );
  }
  const { kind, values } = layers.at(-1)!;
  if (values && INTEGRATORS.includes(kind)) {
    const rows = { timeSteps, neurons: values.length / timeSteps };
    const svg = await heatMap(values, { ...rows, title: "Potentials of the readout" });
    plots.push({ name: "potentials", svg });
  }
  return plots;
}

async function inputPlots(
  { content, shape }: Dataset,
  { timeSteps, stepDuration = 1 }: Pick<TrainOptions, "timeSteps" | "stepDuration">,
): Promise<SamplePlot[]> {
  const [channels = 1, height = 1, width = 1] = shape;
  if (content.kind === "bytes") {
    const pixels = content.data.subarray(0, height * width);
    return [{ name: "input", svg: await picture(pixels, { height, width }) }];
  }
  if (content.kind !== "events") return [];
  const { places, times } = content;
  const steps = Array.from(times, (time) => Math.floor(time / stepDuration));
  const raster = await eventRaster(places, steps, { shape, timeSteps });
  if (shape.length !== 3 || channels > 2) return [{ name: "input", svg: raster }];
  return [
    { name: "input", svg: raster },
    { name: "event_picture", svg: await eventPicture(places, { channels, height, width }) },
  ];
}
