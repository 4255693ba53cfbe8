/**
 * Data sets: samples of any shape, MNIST, Fashion-MNIST, and any other in the same files.
 *
 * ```ts
 * import { loadMnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { train, test } = await loadMnist();
 * assertEquals([train.count, test.count], [60_000, 10_000]);
 * assertEquals(train.shape, [1, 28, 28]);
 * ```
 *
 * @module
 */
export * from "./dataset.ts";
export * from "./events/mod.ts";
export * from "./fashion_mnist.ts";
export * from "./idx.ts";
export * from "./make.ts";
export * from "./mnist.ts";
