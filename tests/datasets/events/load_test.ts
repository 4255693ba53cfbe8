import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Dataset,
  findEventDataset,
  loadDvsGesture,
  loadNmnist,
  loadShd,
  loadSsc,
} from "../../../src/datasets/mod.ts";
import { FormatError } from "../../../src/formats/mod.ts";
import { decoded, golden } from "./goldens.ts";

/** Calls a function with a folder that has some of the golden files, by other names. */
async function withFiles(
  files: Record<string, string>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, name] of Object.entries(files)) {
      const place = `${folder}/${path}`;
      await Deno.mkdir(place.slice(0, place.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(
        place,
        name.includes(".") ? golden(name) : new TextEncoder().encode(name),
      );
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The events of a sample. */
function eventsOf({ content }: Dataset, sample: number): { places: number[]; times: number[] } {
  assert(content.kind === "events");
  const { offsets, places, times } = content;
  const own = (numbers: ArrayLike<number>) =>
    Array.prototype.slice.call(numbers, offsets[sample], offsets[sample + 1]) as number[];
  return { places: own(places), times: own(times) };
}

const NMNIST = {
  "Train/10/a.bin": "nmnist-overflow.bin",
  "Train/2/a.bin": "nmnist-plain.bin",
  "Train/2/b.bin": "nmnist-empty.bin",
  "Train/2/notes.txt": "none",
  "Test/0/a.bin": "nmnist-last-time.bin",
};

Deno.test("loadNmnist() takes classes from the folders of both parts", async () => {
  await withFiles(NMNIST, async (folder) => {
    assertEquals(await findEventDataset(folder), "nmnist");
    const { train, test } = await loadNmnist({ directory: folder });
    assertEquals([train.shape, train.classes, test.classes], [[2, 34, 34], 3, 3]);
    assertEquals([Array.from(train.labels!), Array.from(test.labels!)], [[2, 1, 1], [0]]);
    const [x, y, t, p] = ["x", "y", "t", "p"].map((name) => decoded(`nmnist-plain.bin.${name}`));
    const { places, times } = eventsOf(train, 1);
    assertEquals(times, t);
    assertEquals(places, x!.map((x, i) => (p![i]! * 34 + y![i]!) * 34 + x));
    assertEquals(eventsOf(train, 2), { places: [], times: [] });
  });
});

Deno.test("loadNmnist() says what is missing or damaged, and where", async () => {
  await withFiles({ "Train/1/a.bin": "nmnist-plain.bin" }, async (folder) => {
    await assertRejects(
      () => loadNmnist({ directory: folder }),
      Deno.errors.NotFound,
      `"${folder}/Test" as there is no such folder`,
    );
    await Deno.mkdir(`${folder}/Test`);
    await assertRejects(
      () => loadNmnist({ directory: new URL(`file://${folder}/`) }),
      Deno.errors.NotFound,
      "have no .bin files",
    );
  });
  await withFiles({ ...NMNIST, "Test/0/b.bin": "bad-x.bin" }, async (folder) => {
    await assertRejects(
      () => loadNmnist({ directory: folder }),
      FormatError,
      `"${folder}/Test/0/b.bin" as N-MNIST`,
    );
  });
});

Deno.test("loadShd() and loadSsc() read their two files", async () => {
  const files = (name: string) => ({
    [`${name}_train.h5`]: "shd-f16.h5",
    [`${name}_test.h5`]: "shd-odd.h5",
  });
  for (const [name, load, classes] of [["shd", loadShd, 20], ["ssc", loadSsc, 35]] as const) {
    await withFiles(files(name), async (folder) => {
      assertEquals(await findEventDataset(folder), name);
      const { train, test } = await load({ directory: folder });
      assertEquals([train.shape, train.classes], [[700], classes]);
      assertEquals(Array.from(train.labels!), decoded("shd-f16.h5.labels"));
      assert(train.content.kind === "events" && test.content.kind === "events");
      assertEquals(Array.from(train.content.times), decoded("shd-f16.h5.times"));
      assertEquals(Array.from(test.content.places), decoded("shd-odd.h5.units"));
      await Deno.remove(`${folder}/${name}_test.h5`);
      await assertRejects(
        () => load({ directory: folder }),
        Deno.errors.NotFound,
        `it has no ${name}_test.h5`,
      );
    });
  }
});

Deno.test("loadDvsGesture() cuts recordings into their trials", async () => {
  const files = {
    "user01_led.aedat": "gesture.aedat",
    "user01_led_labels.csv": "gesture_labels.csv",
  };
  await withFiles(files, async (folder) => {
    const list = new TextEncoder().encode("user01_led.aedat\r\n");
    await Deno.writeFile(`${folder}/trials_to_train.txt`, list);
    await Deno.writeFile(`${folder}/trials_to_test.txt`, list);
    assertEquals(await findEventDataset(folder), "dvs-gesture");
    const { train, test } = await loadDvsGesture({ directory: folder });
    assertEquals([train.shape, train.classes, test.count], [[2, 128, 128], 11, 4]);
    assertEquals(Array.from(train.labels!), [0, 1, 10, 0]);
    const t = decoded("gesture.aedat.t");
    const trial = t.filter((t) => t >= 2_050_000 && t < 2_600_000).map((t) => t - 2_050_000);
    assertEquals(eventsOf(train, 2).times, trial);
    await Deno.remove(`${folder}/user01_led_labels.csv`);
    await assertRejects(
      () => loadDvsGesture({ directory: folder }),
      Deno.errors.NotFound,
      "it has no user01_led_labels.csv",
    );
  });
});

Deno.test("a folder of something else is no data set of events", async () => {
  await withFiles({ "train-images-idx3-ubyte": "none" }, async (folder) => {
    assertEquals(await findEventDataset(folder), undefined);
    await assertRejects(() => findEventDataset(`${folder}/none`), Deno.errors.NotFound);
  });
});

Deno.test("parts of a data set of events keep its times and places", async () => {
  await withFiles(NMNIST, async (folder) => {
    const { train } = await loadNmnist({ directory: folder });
    const turned = train.take([2, 1, 0]).slice(1);
    assertEquals(Array.from(turned.labels!), [1, 2]);
    assertEquals([0, 1].map((i) => eventsOf(turned, i)), [1, 0].map((i) => eventsOf(train, i)));
    assert(turned.content.kind === "events" && turned.content.places instanceof Uint16Array);
  });
});
