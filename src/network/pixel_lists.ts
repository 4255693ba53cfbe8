import type { ImageDataset } from "../datasets/image_dataset.ts";

/** A data set as a list of pixels for each image: `feature | value << 24`, features ascending. */
export interface PixelLists {
  /** How many images there are. */
  readonly count: number;
  /** The class of each image. */
  readonly labels: ArrayLike<number>;
  /**
   * How long an image's list is.
   *
   * @param image Its index.
   * @returns How many pixels it has.
   */
  lengthOf(image: number): number;
  /**
   * Copies an image's list.
   *
   * @param image Its index.
   * @param target Where to.
   * @param at The index of the first pixel there.
   */
  copy(image: number, target: Uint32Array, at: number): void;
  /** Frees the lists now: a garbage collector doesn't hurry for what lies outside of its heap. */
  dispose(): void;
}

/**
 * Lists the pixels of each image that aren't 0. Most pixels of most images are, and cost nothing this
 * way.
 *
 * @param dataset The images.
 * @returns The lists.
 */
export function activePixels(dataset: ImageDataset): PixelLists {
  const { images, labels, count } = dataset;
  const features = dataset.height * dataset.width;
  let total = 0;
  for (let i = 0; i < images.length; i++) if (images[i] !== 0) total++;
  const pixels = new Uint32Array(total);
  const starts = new Uint32Array(count + 1);
  let at = 0;
  for (let image = 0; image < count; image++) {
    const offset = image * features;
    for (let feature = 0; feature < features; feature++) {
      const value = images[offset + feature]!;
      if (value !== 0) pixels[at++] = feature | value << 24;
    }
    starts[image + 1] = at;
  }
  return {
    count,
    labels,
    lengthOf: (image) => starts[image + 1]! - starts[image]!,
    // Without a view for each image: there are millions.
    copy(image, target, at) {
      const end = starts[image + 1]!;
      for (let i = starts[image]!; i < end; i++) target[at++] = pixels[i]!;
    },
    dispose: () => void pixels.buffer.transfer(0),
  };
}

/**
 * Lists all pixels of each image, for encoders that let pixels of value 0 spike.
 *
 * @param dataset The images.
 * @returns The lists.
 */
export function allPixels(dataset: ImageDataset): PixelLists {
  const { images, labels, count } = dataset;
  const features = dataset.height * dataset.width;
  return {
    count,
    labels,
    lengthOf: () => features,
    copy(image, target, at) {
      const offset = image * features;
      for (let i = 0; i < features; i++) target[at + i] = i | images[offset + i]! << 24;
    },
    dispose() {},
  };
}
