import { type ImageDataset, Random } from "../../mod.ts";

/** A few small images of two classes. */
export function tinyDataset(): ImageDataset {
  const [count, side] = [32, 6];
  const random = new Random(1);
  return {
    images: Uint8Array.from({ length: count * side * side }, () => random.below(256)),
    labels: Uint8Array.from({ length: count }, () => random.below(2)),
    count,
    height: side,
    width: side,
    classes: 2,
  };
}
