import { Random } from "../../core/random.ts";
import type { Dataset } from "../../datasets/dataset.ts";
import { imageDataset } from "../../datasets/make.ts";

const SIDE = 28;
/** Pixels around the picture that are always 0. */
const MARGIN = 4;
/** With this share of the others a fifth of all pixels is lit, as in MNIST. */
const LIT = 0.375;
const CLASSES = 10;

/**
 * Makes pictures that cost what those of MNIST do: as large, and as many of their pixels 0.
 *
 * @param count How many.
 * @returns The pictures, of `[1, 28, 28]`.
 */
export function syntheticImages(count: number): Dataset {
  const random = new Random(count);
  const images = new Uint8Array(count * SIDE * SIDE);
  for (let image = 0; image < count; image++) {
    for (let y = MARGIN; y < SIDE - MARGIN; y++) {
      for (let x = MARGIN; x < SIDE - MARGIN; x++) {
        if (random.uniform(0, 1) >= LIT) continue;
        images[(image * SIDE + y) * SIDE + x] = 1 + random.below(255);
      }
    }
  }
  const labels = Uint8Array.from({ length: count }, () => random.below(CLASSES));
  return imageDataset(images, { shape: [1, SIDE, SIDE], labels, classes: CLASSES });
}
