import type { DatasetSplits } from "../../datasets/dataset.ts";
import { FASHION_MNIST_CLASSES, loadFashionMnist } from "../../datasets/fashion_mnist.ts";
import { loadDvsGesture, loadNmnist, loadShd, loadSsc } from "../../datasets/events/load.ts";
import type { LoadEventsOptions } from "../../datasets/events/load.ts";
import { loadMnist } from "../../datasets/mnist.ts";

/** A data set that has a name. */
export interface NamedDataset {
  /** What people call it. */
  readonly title: string;
  /** Loads it, from a directory if one is given. */
  readonly load: (options: { readonly directory?: string }) => Promise<DatasetSplits>;
  /** The names of its classes, where labels aren't the names. */
  readonly classNames?: readonly string[];
  /** Of events: how long its recordings are, in microseconds. */
  readonly recordingTime?: number;
}

/** A data set of events, which is nowhere but in a folder. */
function events(
  title: string,
  recordingTime: number,
  load: (options: LoadEventsOptions) => Promise<DatasetSplits>,
): NamedDataset & { readonly recordingTime: number } {
  return {
    title,
    recordingTime,
    load({ directory }) {
      if (directory !== undefined) return load({ directory });
      throw new Error(`Cannot load ${title} as it needs --dataset-dir: the folder with its files`);
    },
  };
}

/** The data sets by the names that `--dataset` takes. */
export const DATASETS = {
  "mnist": { title: "MNIST", load: loadMnist },
  "fashion-mnist": {
    title: "Fashion-MNIST",
    load: loadFashionMnist,
    classNames: FASHION_MNIST_CLASSES,
  },
  // Three saccades of 105 ms; the longest of the spoken digits; a second; most gestures are shorter.
  "nmnist": events("N-MNIST", 315_000, loadNmnist),
  "shd": events("the Spiking Heidelberg Digits", 1_400_000, loadShd),
  "ssc": events("the Spiking Speech Commands", 1_000_000, loadSsc),
  "dvs-gesture": events("DVS128 Gesture", 6_000_000, loadDvsGesture),
} as const satisfies Readonly<Record<string, NamedDataset>>;

/** The names of the data sets of events. */
export const EVENT_DATASETS: readonly string[] = Object.entries<NamedDataset>(DATASETS)
  .filter(([, { recordingTime }]) => recordingTime !== undefined)
  .map(([name]) => name);

/**
 * How long a time step is where the time steps are to take all of a recording.
 *
 * @param name The data set's name.
 * @param timeSteps T.
 * @returns Microseconds; nothing if its samples aren't events.
 */
export function stepDurationOf(
  name: keyof typeof DATASETS,
  timeSteps: number,
): number | undefined {
  const { recordingTime }: NamedDataset = DATASETS[name];
  return recordingTime === undefined ? undefined : Math.ceil(recordingTime / timeSteps);
}

/**
 * The names of a data set's classes.
 *
 * @param name The data set's name.
 * @returns The names, by label; nothing where the labels are the names.
 */
export function classNamesOf(name: keyof typeof DATASETS): readonly string[] | undefined {
  const dataset: NamedDataset = DATASETS[name];
  return dataset.classNames;
}
