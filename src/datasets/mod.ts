/**
 * Data sets: MNIST and what comes in its format.
 *
 * @module
 */

export { type IdxArray, readIdx } from "./idx.ts";
export type { ImageDataset } from "./image_dataset.ts";
export { loadMnist, type MnistOptions, type TrainAndTest } from "./mnist.ts";
