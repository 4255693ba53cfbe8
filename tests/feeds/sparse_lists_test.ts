import { assertEquals } from "@std/assert";
import { Gpu } from "../../mod.ts";
import type { PixelLists } from "../../src/network/pixel_lists.ts";
import { type ListedImages, PixelStore } from "../../src/network/pixel_store.ts";
import { readTexels } from "../support/event_reader.ts";

/** More than two rows of a texture. */
const CAPACITY = 20000;

/** Lists of these lengths, each pixel of each list another number. */
function listsOf(lengths: readonly number[], mark: number): PixelLists {
  return {
    count: lengths.length,
    labels: lengths.map(() => 0),
    lengthOf: (image) => lengths[image]!,
    copy(image, target, at) {
      for (let i = 0; i < lengths[image]!; i++) target[at + i] = pixel(mark, image, i);
    },
  };
}

function pixel(mark: number, image: number, i: number): number {
  return mark * 1e8 + image * 1e6 + i + 1;
}

/** Counts the texels that are written to a device. */
function countWrites(gpu: Gpu): () => number {
  const write = gpu.writeTexture.bind(gpu);
  let texels = 0;
  gpu.writeTexture = (texture, data, first) => {
    texels += data.length / 4;
    write(texture, data, first);
  };
  return () => texels;
}

async function check(
  gpu: Gpu,
  store: PixelStore,
  wanted: readonly ListedImages[],
  marks: number[],
) {
  const words = await readTexels(gpu, store.texture, CAPACITY);
  wanted.forEach(({ lists, images }, k) => {
    for (const image of images) {
      const first = 4 * store.firstOf(lists, image);
      const length = lists.lengthOf(image);
      const padded = 4 * Math.ceil(length / 4);
      const want = Array.from(
        { length: padded },
        (_, i) => i < length ? pixel(marks[k]!, image, i) : 0,
      );
      assertEquals([...words.subarray(first, first + padded)], want);
    }
  });
}

Deno.test("lists stay in a store while there is room, and are whole after it was full", async () => {
  using gpu = await Gpu.request();
  const written = countWrites(gpu);
  const store = new PixelStore(gpu.createTexture(CAPACITY, "pixels"), CAPACITY);
  // 1, 7501, 0, 251, 10000 and 1750 texels.
  const train = listsOf([3, 30001, 0, 1001, 40000, 7000], 1);
  const test = listsOf([5, 4 * 1000], 2);
  const first = [{ lists: train, images: Uint32Array.of(0, 1, 2, 1) }];
  store.load(gpu, first);
  assertEquals(written(), 7502);
  await check(gpu, store, first, [1]);
  // From the middle of a row over two others; what is there isn't written again.
  const second = [
    { lists: train, images: Uint32Array.of(4, 1, 3) },
    { lists: test, images: Uint32Array.of(0, 1) },
  ];
  store.load(gpu, second);
  assertEquals(written(), 7502 + 10000 + 251 + 2 + 1000);
  await check(gpu, store, [...first, ...second], [1, 1, 2]);
  store.load(gpu, second);
  assertEquals(written(), 18755);
  // There is no room beside them: those that are wanted are written, and the others are gone.
  const third = [{ lists: train, images: Uint32Array.of(5, 3) }];
  store.load(gpu, third);
  assertEquals(written(), 18755 + 1750 + 251);
  assertEquals(store.firstOf(train, 5), 0);
  await check(gpu, store, third, [1]);
  store.load(gpu, first);
  assertEquals(written(), 18755 + 1750 + 251 + 7502);
  await check(gpu, store, [...first, ...third], [1, 1]);
});
