/**
 * Grey-scale pictures and the class of each.
 *
 * `images` holds the pictures one after the other, each row by row:
 * `[count, height * width]`. A picture is a view, not a copy:
 *
 * ```ts
 * import { type ImageDataset } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const dataset: ImageDataset = {
 *   images: new Uint8Array([0, 255, 128, 0, 0, 64, 255, 32]),
 *   labels: new Uint8Array([1, 0]),
 *   count: 2,
 *   height: 2,
 *   width: 2,
 *   classes: 2,
 * };
 * const { images, height, width } = dataset;
 * const features = height * width;
 * const second = images.subarray(1 * features, 2 * features);
 * assertEquals(second, new Uint8Array([0, 64, 255, 32]));
 * ```
 */
export interface ImageDataset {
  /** The grey values, 0 to 255: `[count, height * width]`, row major. */
  readonly images: Uint8Array;
  /** The class of each picture, 0 to `classes - 1`: `[count]`. */
  readonly labels: Uint8Array;
  /** The number of pictures. */
  readonly count: number;
  /** The number of rows of a picture. */
  readonly height: number;
  /** The number of columns of a picture. */
  readonly width: number;
  /**
   * The number of classes: the largest label plus 1. Where a data set has two
   * parts, both parts count, so that it is the same for both.
   */
  readonly classes: number;
}

/** A data set in two parts that share height, width and classes. */
export interface ImageDatasetSplits {
  /** The part that a network learns from. */
  readonly train: ImageDataset;
  /** The part that tells how well it has learnt. */
  readonly test: ImageDataset;
}
