import type { Dataset } from "../../mod.ts";
import { imageDataset } from "../../src/datasets/mod.ts";
import { Random } from "../../src/extend.ts";

/** A few small images of two classes. */
export function tinyDataset(seed = 1): Dataset {
  const [count, side] = [32, 6];
  const random = new Random(seed);
  return imageDataset(
    Uint8Array.from({ length: count * side * side }, () => random.below(256)),
    {
      shape: [side * side],
      labels: Uint8Array.from({ length: count }, () => random.below(2)),
      classes: 2,
    },
  );
}
