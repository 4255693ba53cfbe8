/**
 * Data sets of pictures: MNIST, and any other in the same files.
 *
 * ```ts
 * import { loadMnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, test } = await loadMnist();
 * assertEquals(train.images.length, 60_000 * 28 * 28);
 * assertEquals(test.count, 10_000);
 * ```
 *
 * @module
 */
export * from "./idx.ts";
export * from "./image_dataset.ts";
export * from "./mnist.ts";
