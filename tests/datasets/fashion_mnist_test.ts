import { assertEquals, assertRejects } from "@std/assert";
import { FASHION_MNIST_CLASSES, loadFashionMnist } from "../../src/datasets/mod.ts";
import { loadInstalled } from "../../src/datasets/fashion_mnist.ts";
import { idxFile } from "./idx_file.ts";
import { bytesOf, FILES, partsOf, withDirectory } from "./mnist_files.ts";

const isInstalled = await Deno.stat("/usr/share/datasets/fashion-mnist")
  .then(() => true, () => false);

Deno.test({
  name: "loadFashionMnist() loads what Debian's package has",
  ignore: !isInstalled,
  async fn() {
    const { train, test } = await loadFashionMnist();
    assertEquals([train.count, train.shape, train.classes], [60_000, [1, 28, 28], 10]);
    assertEquals([test.count, test.shape, test.classes], [10_000, [1, 28, 28], 10]);
    const names = Array.from(test.labels!).slice(0, 4).map((label) => FASHION_MNIST_CLASSES[label]);
    assertEquals(names, ["Ankle boot", "Pullover", "Trouser", "Trouser"]);
    // As many of each class; a picture in the middle of the file, by the sum of its grey values.
    const counts = new Uint32Array(10);
    for (const label of Array.from(train.labels!)) counts[label]! += 1;
    assertEquals([...counts], Array(10).fill(6000));
    const picture = bytesOf(test).subarray(5000 * 784, 5001 * 784);
    assertEquals([...picture].reduce((a, b) => a + b), 86_069);
  },
});

Deno.test("loadFashionMnist() loads files of a folder", async () => {
  await withDirectory(FILES, async (directory) => {
    const { train, test } = await loadFashionMnist({ directory });
    assertEquals(partsOf(train), {
      shape: [1, 5, 7],
      data: idxFile([4, 5, 7]).slice(16),
      labels: [0, 1, 1, 0],
      classes: 3,
    });
    assertEquals(test.count, 2);
  });
});

Deno.test("loadFashionMnist() says where to get it if it isn't installed", async () => {
  await withDirectory({}, async (directory) => {
    for (const place of [`${directory}/none`, directory]) {
      const error = await assertRejects(() => loadInstalled(place), Deno.errors.NotFound);
      assertEquals(
        error.message,
        `Cannot load Fashion-MNIST as it isn't in "${place}": install Debian's package ` +
          "dataset-fashion-mnist, or name a directory with its four files, which " +
          "https://github.com/zalandoresearch/fashion-mnist has",
      );
    }
  });
});

Deno.test("Fashion-MNIST has a name for each of its ten classes", () => {
  assertEquals(new Set(FASHION_MNIST_CLASSES).size, 10);
});
