/**
 * Images with the class of each.
 *
 * @module
 */

/** Grey-scale images and their labels. */
export interface ImageDataset {
  /** Pixels, 0 ... 255: `[count, height, width]`, row by row. */
  readonly images: Uint8Array;
  /** The class of each image: `[count]`. */
  readonly labels: Uint8Array;
  /** How many images there are. */
  readonly count: number;
  /** Pixels from top to bottom. */
  readonly height: number;
  /** Pixels from left to right. */
  readonly width: number;
  /** How many classes there are: the largest label plus 1. */
  readonly classes: number;
}
