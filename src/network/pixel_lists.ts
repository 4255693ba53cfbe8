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
}

/** Features that a word of a mask stands for. */
const WORD = 32;

/**
 * Lists the pixels of each image that aren't 0. Most pixels of most images are, and cost nothing this
 * way. Only which they are is kept, one bit a pixel: the lists of MNIST would take as much as its images.
 *
 * @param dataset The images.
 * @returns The lists.
 */
export function activePixels(dataset: ImageDataset): PixelLists {
  const { images, labels, count } = dataset;
  const features = dataset.height * dataset.width;
  const words = Math.ceil(features / WORD);
  const masks = new Uint32Array(count * words);
  const lengths = new Uint32Array(count);
  for (let image = 0; image < count; image++) {
    for (let word = 0; word < words; word++) {
      const first = image * features + word * WORD;
      const bits = Math.min(WORD, features - word * WORD);
      let mask = 0;
      for (let bit = 0; bit < bits; bit++) {
        // Without a branch, which would be guessed wrongly at each edge.
        const active = Math.min(images[first + bit]!, 1);
        mask |= active << bit;
        lengths[image]! += active;
      }
      masks[image * words + word] = mask;
    }
  }
  return {
    count,
    labels,
    lengthOf: (image) => lengths[image]!,
    copy(image, target, at) {
      const offset = image * features;
      for (let word = 0; word < words; word++) {
        let mask = masks[image * words + word]! | 0;
        while (mask !== 0) {
          const lowest = mask & -mask;
          const feature = word * WORD + 31 - Math.clz32(lowest);
          target[at++] = feature | images[offset + feature]! << 24;
          mask ^= lowest;
        }
      }
    },
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
  };
}
