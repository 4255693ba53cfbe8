import type { Dataset } from "../datasets/dataset.ts";

/**
 * A data set during one call that reads it, with what was prepared from it for the device. Each call
 * makes its own: so a data set may change between calls, and nothing of it is kept after one.
 */
export class Source {
  /** The data set. */
  readonly dataset: Dataset;
  readonly #prepared = new Map<string, unknown>();

  /**
   * Opens a data set.
   *
   * @param dataset The data set; it mustn't change as long as the source is used.
   */
  constructor(dataset: Dataset) {
    this.dataset = dataset;
  }

  /**
   * What is prepared from the data set once, however many ask.
   *
   * @param name What tells it from others.
   * @param prepare Prepares it.
   * @returns What `prepare` gave.
   */
  once<T>(name: string, prepare: (dataset: Dataset) => T): T {
    if (!this.#prepared.has(name)) this.#prepared.set(name, prepare(this.dataset));
    return this.#prepared.get(name) as T;
  }

  /** How many time steps of T a sample has. */
  lengthOf(sample: number, timeSteps: number): number {
    return this.dataset.lengths?.[sample] ?? timeSteps;
  }

  /** The class of each sample; 0 where a data set has no labels. */
  label(sample: number): number {
    return this.dataset.labels?.[sample] ?? 0;
  }
}
