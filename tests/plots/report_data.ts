import {
  accuracyCurve,
  confusionMatrix,
  heatMap,
  picture,
  type ReportData,
  type ReportFigure,
  spikeRaster,
  weightPictures,
} from "../../src/plots/mod.ts";

/** Numbers that look random, 0 to 1. */
function noise(count: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => Math.abs(Math.sin(i * 12.9898) * 43758) % 1,
  );
}

function spikes(count: number): Uint8Array {
  return Uint8Array.from(noise(count), (value) => value > 0.8 ? 1 : 0);
}

/**
 * Plots of usual and of unusual shapes.
 *
 * @returns The plots; their captions say what they are.
 */
export async function someFigures(): Promise<ReportFigure[]> {
  const epochs = noise(1000).map((value, i) => 0.9 - 0.5 / (i + 1) + 0.01 * value);
  const plots: Record<string, Promise<string>> = {
    "one epoch": accuracyCurve({ train: [0.5], test: [0.6] }),
    "1000 epochs": accuracyCurve({ train: epochs, test: epochs.toReversed() }),
    "a picture": picture(noise(784).map((value) => 255 * value), { height: 28, width: 28 }),
    "a wide picture": picture(new Uint8Array(200), {
      height: 2,
      width: 100,
      title: "A title of so many words that it takes more than one line",
    }),
    "weights of 10 outputs": weightPictures(noise(7840), { height: 28, width: 28 }),
    "weights of 30 outputs": weightPictures(noise(30 * 12), { height: 3, width: 4 }),
    "small weights in one row": weightPictures(noise(200).map((value) => 1e-5 * value), {
      height: 1,
      width: 100,
    }),
    "2 classes": confusionMatrix([9000, 11, 0, 9000], { classes: 2 }),
    "10 classes": confusionMatrix(noise(100).map((value) => Math.floor(1000 * value)), {
      classes: 10,
    }),
    "25 classes": confusionMatrix(new Uint32Array(625).fill(1234), { classes: 25 }),
    "100 classes": confusionMatrix(noise(10_000).map(Math.round), { classes: 100 }),
  };
  for (const [timeSteps, neurons] of [[1, 1], [100, 10], [7, 34], [500, 100], [5, 800]] as const) {
    const shape = { timeSteps, neurons };
    const count = timeSteps * neurons;
    plots[`spikes of ${timeSteps} x ${neurons}`] = spikeRaster(spikes(count), shape);
    plots[`potentials of ${timeSteps} x ${neurons}`] = heatMap(
      noise(count).map((value) => 0.001 * value - 12),
      shape,
    );
  }
  return await Promise.all(
    Object.entries(plots).map(async ([caption, svg]) => ({ caption, svg: await svg })),
  );
}

/**
 * Data of a report.
 *
 * @param changes What is to be otherwise.
 * @returns The data.
 */
export function reportData(changes: Partial<ReportData> = {}): ReportData {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>`;
  return {
    title: "A run",
    adapter: "An adapter",
    seconds: 83.2,
    imagesPerSecond: 14423.7,
    options: [["epochs", "3"], ["tau", "2"]],
    epochs: [0.9, 0.93, 0.92].map((testAccuracy, i) => ({
      epoch: i + 1,
      trainLoss: 0.02 / (i + 1),
      trainAccuracy: 0.9 + 0.01 * i,
      testLoss: 0.015,
      testAccuracy,
      seconds: 27.7,
    })),
    curve: { svg, caption: "The curve" },
    figures: [],
    ...changes,
  };
}
