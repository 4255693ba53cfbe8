import type { ImageDataset } from "../datasets/image_dataset.ts";

/** A data set as lists of its images' active pixels. */
export interface PixelLists {
  /** How many images there are. */
  readonly count: number;
  /** The class of each image. */
  readonly labels: Uint8Array;
  /**
   * The active pixels of an image.
   *
   * @param image Its index.
   * @returns feature | value << 24, ascending.
   */
  of(image: number): Uint32Array<ArrayBuffer>;
}

/**
 * Lists the active pixels of each image. Most pixels of most images are 0, and cost nothing this way.
 *
 * @param dataset The images.
 * @returns The lists.
 */
export function pixelLists(dataset: ImageDataset): PixelLists {
  const { images, labels, count } = dataset;
  const features = dataset.height * dataset.width;
  let total = 0;
  for (let i = 0; i < images.length; i++) if (images[i] !== 0) total++;
  const lists = new Uint32Array(total);
  const starts = new Uint32Array(count + 1);
  let at = 0;
  for (let image = 0; image < count; image++) {
    const offset = image * features;
    for (let feature = 0; feature < features; feature++) {
      const value = images[offset + feature]!;
      if (value !== 0) lists[at++] = feature | value << 24;
    }
    starts[image + 1] = at;
  }
  return {
    count,
    labels,
    of: (image) => lists.subarray(starts[image], starts[image + 1]),
  };
}
