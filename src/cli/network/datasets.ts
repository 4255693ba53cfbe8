import type { DatasetSplits } from "../../datasets/dataset.ts";
import { FASHION_MNIST_CLASSES, loadFashionMnist } from "../../datasets/fashion_mnist.ts";
import { loadMnist } from "../../datasets/mnist.ts";

/** A data set that has a name. */
export interface NamedDataset {
  /** What people call it. */
  readonly title: string;
  /** Loads it, from a directory if one is given. */
  readonly load: (options: { readonly directory?: string }) => Promise<DatasetSplits>;
  /** The names of its classes, where labels aren't the names. */
  readonly classNames?: readonly string[];
}

/** The data sets by the names that `--dataset` takes. */
export const DATASETS = {
  "mnist": { title: "MNIST", load: loadMnist },
  "fashion-mnist": {
    title: "Fashion-MNIST",
    load: loadFashionMnist,
    classNames: FASHION_MNIST_CLASSES,
  },
} as const satisfies Readonly<Record<string, NamedDataset>>;

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
